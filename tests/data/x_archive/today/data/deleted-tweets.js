window.YTD.deleted_tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000099"
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
      "id_str": "1373616000000000099",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000099",
      "created_at": "Sun Mar 21 17:00:00 +0000 2021",
      "favorited": false,
      "full_text": "I take that back.",
      "lang": "en",
      "deleted_at": "2021-03-22T00:00:00.000Z"
    }
  }
]
