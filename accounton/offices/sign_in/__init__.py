"""How colleagues get in: passwords, codes, new passwords, and the mails about them."""
