window.YTD.direct_messages.part0 = [
  {
    "dmConversation": {
      "conversationId": "1001-2001",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "1001",
            "reactions": [
              {
                "senderId": "1001",
                "reactionKey": "agree",
                "eventId": "1373616500000000009",
                "createdAt": "2021-03-21T18:05:00.000Z"
              }
            ],
            "urls": [],
            "text": "See you at nine &amp; bring the key",
            "mediaUrls": [],
            "senderId": "2001",
            "id": "1373616500000000002",
            "createdAt": "2021-03-21T18:01:00.000Z"
          }
        },
        {
          "messageCreate": {
            "recipientId": "2001",
            "reactions": [],
            "urls": [
              {
                "url": "https://t.co/mmm",
                "expanded": "https://carter.example/offer",
                "display": "carter.example/offer"
              },
              {
                "url": "https://t.co/nnn",
                "expanded": "https://twitter.com/messages/media/1373616500000000001",
                "display": "pic.twitter.com/x"
              }
            ],
            "text": "The offer: https://t.co/mmm https://t.co/nnn",
            "mediaUrls": [
              "https://ton.twitter.com/dm/1/2/x.jpg"
            ],
            "senderId": "1001",
            "id": "1373616500000000001",
            "createdAt": "2021-03-21T18:00:00.123Z"
          }
        }
      ]
    }
  },
  {
    "dmConversation": {
      "conversationId": "1001-2009",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "1001",
            "reactions": [],
            "urls": [],
            "text": "Hello?",
            "mediaUrls": [],
            "senderId": "2009",
            "id": "1373616500000000003",
            "createdAt": "2021-03-22T08:00:00.000Z"
          }
        }
      ]
    }
  }
]
