"""Limits on guessing passwords and codes, by account, by network and by browser."""
