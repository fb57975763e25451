window.YTD.community_tweet.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1637000000000000003"
          ],
          "editableUntil": "2021-03-21T13:53:22.000Z",
          "editsRemaining": "5",
          "isEditEligible": false
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1637000000000000003",
      "truncated": false,
      "retweet_count": "0",
      "id": "1637000000000000003",
      "created_at": "Sat Mar 18 10:00:00 +0000 2023",
      "favorited": false,
      "full_text": "To the metering club",
      "lang": "en",
      "scopes": {
        "followers": false,
        "community_id": "1500000000000000001"
      }
    }
  }
]
