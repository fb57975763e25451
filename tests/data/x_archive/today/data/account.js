window.YTD.account.part0 = [
  {
    "account": {
      "email": "sam@carter.example",
      "createdVia": "web",
      "username": "samcarter",
      "accountId": "1001",
      "createdAt": "2007-11-15T13:18:50.000Z",
      "accountDisplayName": "Sam Carter"
    }
  }
]
