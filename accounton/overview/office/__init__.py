"""The settings of the office itself: name, address, languages, how long sessions last."""
