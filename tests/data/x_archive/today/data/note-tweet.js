window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1637000000000000900",
      "updatedAt": "2023-03-18T08:00:00.000Z",
      "createdAt": "2023-03-18T08:00:00.000Z",
      "lifecycle": {
        "value": "3",
        "name": "Noted",
        "originalName": "NOTED",
        "annotations": {}
      },
      "core": {
        "styletags": [],
        "urls": [],
        "text": "Everything we learned in a year of measuring heat, in one long post, written down so that nobody else has to learn it the hard way:\n\n1. Never trust a valve.\n2. Never trust a label.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  },
  {
    "noteTweet": {
      "noteTweetId": "1637000000000000901",
      "createdAt": "2023-04-01T08:00:00.000Z",
      "core": {
        "text": "A long post whose beginning is not in this archive.",
        "urls": []
      }
    }
  }
]
