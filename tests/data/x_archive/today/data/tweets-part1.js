window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1637000000000000002"
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
        "user_mentions": [
          {
            "name": "Joe Brown (Alder)",
            "screen_name": "joebrown",
            "indices": [
              "0",
              "9"
            ],
            "id_str": "2001",
            "id": "2001"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1637000000000000002",
      "truncated": false,
      "retweet_count": "0",
      "id": "1637000000000000002",
      "created_at": "Sat Mar 18 09:00:00 +0000 2023",
      "favorited": false,
      "full_text": "Later the same day, @joebrown.",
      "lang": "en"
    }
  }
]
