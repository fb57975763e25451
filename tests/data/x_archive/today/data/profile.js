window.YTD.profile.part0 = [
  {
    "profile": {
      "description": {
        "bio": "Meters & heat",
        "website": "https://t.co/www",
        "location": "Antwerp"
      },
      "avatarMediaUrl": "https://pbs.example/a.jpg"
    }
  }
]
