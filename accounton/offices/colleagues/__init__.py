"""The colleagues of an office: who is an admin, inviting, roles, closing an account, a lost second factor."""
