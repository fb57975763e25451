window.YTD.direct_messages_group.part0 = [
  {
    "dmConversation": {
      "conversationId": "1400000000000000001",
      "messages": [
        {
          "messageCreate": {
            "reactions": [],
            "urls": [],
            "text": "And now we are two",
            "mediaUrls": [],
            "senderId": "1001",
            "id": "1400000000000000014",
            "createdAt": "2021-06-02T12:00:00.000Z"
          }
        },
        {
          "participantsLeave": {
            "userIds": [
              "2001"
            ],
            "createdAt": "2021-06-02T11:00:00.000Z"
          }
        },
        {
          "messageCreate": {
            "reactions": [
              {
                "senderId": "2002",
                "reactionKey": "like",
                "eventId": "1400000000000000013",
                "createdAt": "2021-06-02T10:05:00.000Z"
              }
            ],
            "urls": [],
            "text": "Welcome, Mary",
            "mediaUrls": [],
            "senderId": "2001",
            "id": "1400000000000000012",
            "createdAt": "2021-06-02T10:00:00.000Z"
          }
        },
        {
          "conversationNameUpdate": {
            "initiatingUserId": "1001",
            "name": "Meter club",
            "createdAt": "2021-06-02T09:30:00.000Z"
          }
        },
        {
          "participantsJoin": {
            "initiatingUserId": "1001",
            "userIds": [
              "2002"
            ],
            "createdAt": "2021-06-02T09:00:00.000Z"
          }
        },
        {
          "messageCreate": {
            "reactions": [],
            "urls": [],
            "text": "Just us",
            "mediaUrls": [],
            "senderId": "1001",
            "id": "1400000000000000011",
            "createdAt": "2021-06-02T08:00:00.000Z"
          }
        },
        {
          "joinConversation": {
            "initiatingUserId": "2001",
            "participantsSnapshot": [
              "1001",
              "2001"
            ],
            "createdAt": "2021-06-01T08:00:00.000Z"
          }
        }
      ]
    }
  }
]
