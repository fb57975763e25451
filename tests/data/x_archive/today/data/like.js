window.YTD.like.part0 = [
  {
    "like": {
      "tweetId": "1373615000000000011",
      "fullText": "Heat is cheap &amp; dry",
      "expandedUrl": "https://twitter.com/i/web/status/1373615000000000011"
    }
  },
  {
    "like": {
      "tweetId": "20",
      "expandedUrl": "https://twitter.com/i/web/status/20"
    }
  }
]
