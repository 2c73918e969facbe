class Refusal(Exception):
    """Accounton does not start like this. The text is for the administrator: what is wrong, and what to do."""
