Grailbird.data.tweets_2009_03 = 
[
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "1330000000",
  "text": "First words here",
  "id": 1330000000,
  "created_at": "2009-03-15 00:00:00 +0000",
  "user": {
   "name": "Sam Carter",
   "screen_name": "samcarter",
   "protected": false,
   "id_str": "1001",
   "profile_image_url_https": "https://si0.example/x.jpg",
   "id": 1001,
   "verified": false
  }
 }
]