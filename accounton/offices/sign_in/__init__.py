"""How colleagues get in: passwords and codes."""
