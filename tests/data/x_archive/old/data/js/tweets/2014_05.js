Grailbird.data.tweets_2014_05 = 
[
 {
  "source": "web",
  "entities": {
   "user_mentions": [
    {
     "name": "Mary Jones",
     "screen_name": "maryjones",
     "indices": [
      3,
      13
     ],
     "id_str": "2002",
     "id": 2002
    }
   ],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "471261800000000001",
  "text": "RT @maryjones: The whole sentence of Mary, which is ev\u2026",
  "retweeted_status": {
   "source": "web",
   "entities": {
    "user_mentions": [],
    "media": [],
    "hashtags": [],
    "urls": []
   },
   "geo": {},
   "id_str": "471261700000000000",
   "text": "The whole sentence of Mary, which is even longer than that.",
   "id": 471261700000000000,
   "created_at": "2014-05-27 12:20:00 +0000",
   "user": {
    "name": "Mary Jones",
    "screen_name": "maryjones",
    "id_str": "2002",
    "id": 2002
   }
  },
  "id": 471261800000000001,
  "created_at": "2014-05-27 12:24:35 +0000",
  "user": {
   "name": "Sam Carter",
   "screen_name": "samcarter",
   "protected": false,
   "id_str": "1001",
   "profile_image_url_https": "https://si0.example/x.jpg",
   "id": 1001,
   "verified": false
  }
 },
 {
  "source": "web",
  "entities": {
   "user_mentions": [
    {
     "name": "Joe Brown",
     "screen_name": "joebrown",
     "indices": [
      0,
      9
     ],
     "id_str": "2001",
     "id": 2001
    }
   ],
   "media": [],
   "hashtags": [],
   "urls": [
    {
     "indices": [
      20,
      42
     ],
     "url": "http://t.co/old",
     "expanded_url": "http://carter.example/old",
     "display_url": "carter.example/old"
    }
   ]
  },
  "geo": {},
  "id_str": "471261800000000002",
  "in_reply_to_status_id_str": "471261000000000000",
  "in_reply_to_user_id": 2001,
  "in_reply_to_user_id_str": "2001",
  "in_reply_to_screen_name": "joebrown",
  "text": "@joebrown see http://t.co/old",
  "id": 471261800000000002,
  "created_at": "2014-05-27 13:24:35 +0000",
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