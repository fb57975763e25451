var user_details =  {
 "expanded_url": "http://carter.example",
 "screen_name": "samcarter",
 "location": "Antwerp",
 "url": "http://t.co/x",
 "full_name": "Sam Carter",
 "bio": "Meters",
 "id": "1001",
 "created_at": "2007-11-15 13:18:50 +0000"
}