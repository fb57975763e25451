window.YTD.screen_name_change.part0 = [
  {
    "screenNameChange": {
      "accountId": "1001",
      "screenNameChange": {
        "changedAt": "2012-05-01T00:00:00.000Z",
        "changedFrom": "sam_meters",
        "changedTo": "samcarter"
      }
    }
  }
]
