window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000001"
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
        "urls": [
          {
            "url": "https://t.co/aaa",
            "expanded_url": "https://carter.example/meters?a=1&b=2",
            "display_url": "carter.example/meters?",
            "indices": [
              "0",
              "23"
            ]
          }
        ],
        "media": [
          {
            "type": "photo",
            "url": "https://t.co/ppp",
            "media_url_https": "https://pbs.example/p.jpg",
            "expanded_url": "https://twitter.com/samcarter/status/1373616000000000001/photo/1",
            "id_str": "77"
          }
        ]
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1373616000000000001",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000001",
      "created_at": "Sun Mar 21 12:53:22 +0000 2021",
      "favorited": false,
      "full_text": "Meters &amp; pumps &lt;3 https://t.co/aaa https://t.co/ppp",
      "lang": "en",
      "extended_entities": {
        "media": [
          {
            "type": "photo",
            "url": "https://t.co/ppp",
            "media_url_https": "https://pbs.example/p.jpg",
            "expanded_url": "https://twitter.com/samcarter/status/1373616000000000001/photo/1",
            "id_str": "77"
          },
          {
            "type": "photo",
            "url": "https://t.co/ppp"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000002"
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
            "name": "Joe Brown",
            "screen_name": "joebrown",
            "indices": [
              "0",
              "9"
            ],
            "id_str": "2001",
            "id": "2001"
          },
          {
            "name": "Mary Jones",
            "screen_name": "maryjones",
            "indices": [
              "0",
              "9"
            ],
            "id_str": "2002",
            "id": "2002"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1373616000000000002",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000002",
      "created_at": "Sun Mar 21 13:00:00 +0000 2021",
      "favorited": false,
      "full_text": "@joebrown @maryjones Yes, tomorrow at nine.",
      "lang": "en",
      "in_reply_to_status_id_str": "1373615000000000009",
      "in_reply_to_user_id_str": "2001",
      "in_reply_to_screen_name": "joebrown",
      "in_reply_to_status_id": "1373615000000000009",
      "in_reply_to_user_id": "2001"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000003"
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
            "name": "Mary Jones",
            "screen_name": "maryjones",
            "indices": [
              "0",
              "9"
            ],
            "id_str": "2002",
            "id": "2002"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1373616000000000003",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000003",
      "created_at": "Sun Mar 21 14:00:00 +0000 2021",
      "favorited": false,
      "full_text": "RT @maryjones: The door at gate B is open again, thanks to everybody who waited with us in the rain last ni…",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000004"
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
        "urls": [
          {
            "url": "https://t.co/qqq",
            "expanded_url": "https://twitter.com/JoeBrown/status/1373615000000000010",
            "display_url": "twitter.com/JoeBrown/s",
            "indices": [
              "0",
              "23"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1373616000000000004",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000004",
      "created_at": "Sun Mar 21 15:00:00 +0000 2021",
      "favorited": false,
      "full_text": "Worth reading https://t.co/qqq",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000005"
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
            "name": "",
            "screen_name": "gone_for_good",
            "indices": [
              "0",
              "9"
            ],
            "id_str": "-1",
            "id": "-1"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1373616000000000005",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000005",
      "created_at": "Sun Mar 21 16:00:00 +0000 2021",
      "favorited": false,
      "full_text": "Well said @gone_for_good",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1373616000000000006"
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
      "id_str": "1373616000000000006",
      "truncated": false,
      "retweet_count": "0",
      "id": "1373616000000000006",
      "created_at": "Thu Jan 01 00:00:00 +0000 1970",
      "favorited": false,
      "full_text": "The exporter forgot when this was.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "500000000"
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
      "id_str": "500000000",
      "truncated": false,
      "retweet_count": "0",
      "id": "500000000",
      "created_at": "Thu Jan 01 00:00:00 +0000 1970",
      "favorited": false,
      "full_text": "And when this was, nobody knows.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1600000000000000001",
            "1600000000000000002"
          ],
          "editableUntil": "2022-12-06T05:30:00.000Z",
          "editsRemaining": "4",
          "isEditEligible": true
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
      "id_str": "1600000000000000001",
      "truncated": false,
      "retweet_count": "0",
      "id": "1600000000000000001",
      "created_at": "Tue Dec 06 05:00:00 +0000 2022",
      "favorited": false,
      "full_text": "We opn at nine.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "edit": {
          "initialTweetId": "1600000000000000001",
          "editControlInitial": {
            "editTweetIds": [
              "1600000000000000001",
              "1600000000000000002"
            ],
            "editableUntil": "2022-12-06T05:30:00.000Z",
            "editsRemaining": "4",
            "isEditEligible": true
          }
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
      "id_str": "1600000000000000002",
      "truncated": false,
      "retweet_count": "0",
      "id": "1600000000000000002",
      "created_at": "Tue Dec 06 05:10:00 +0000 2022",
      "favorited": false,
      "full_text": "We open at nine.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1637000000000000001"
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
        "urls": [
          {
            "url": "https://t.co/lll",
            "expanded_url": "https://twitter.com/i/web/status/1637000000000000001",
            "display_url": "twitter.com/i/web/stat",
            "indices": [
              "0",
              "23"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "20"
      ],
      "favorite_count": "0",
      "id_str": "1637000000000000001",
      "truncated": false,
      "retweet_count": "0",
      "id": "1637000000000000001",
      "created_at": "Sat Mar 18 08:00:00 +0000 2023",
      "favorited": false,
      "full_text": "Everything we learned in a year of measuring heat, in one long post, written down so that nobody else has to learn it the hard… https://t.co/lll",
      "lang": "en"
    }
  }
]
