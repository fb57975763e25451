window.YTD.direct_message_headers.part0 = [
  {
    "dmConversation": {
      "conversationId": "1001-2001",
      "messages": [
        {
          "messageCreate": {
            "id": "1373616500000000002",
            "senderId": "2001",
            "recipientId": "1001",
            "createdAt": "2021-03-21T18:01:00.000Z"
          }
        }
      ]
    }
  }
]
