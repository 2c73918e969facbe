"""Sentences of Django and django-allauth that a colleague can get to read and that their own Dutch or French lacks,
or says too familiarly. Listed here they stand in our own catalogue, which Django asks before theirs.
"""

from django.utils.translation import ngettext_lazy


def N_(text: str) -> str:
    """Mark a text for translation at the edge."""
    return text


SENTENCES = (
    N_("The email address and/or password you specified are not correct."),
    N_("Please type your current password."),
    N_("You must type the same password each time."),
    N_("This password is too common."),
    N_("Incorrect code."),
    N_("Incorrect password."),
    N_("Use your password"),
    N_("Use authenticator app or code"),
    N_("Authenticator code"),
    N_("Remember Me"),
    N_("Email address"),
    N_("Email"),
    N_("Forgot your password?"),
    N_("You cannot deactivate two-factor authentication."),
    N_("You cannot generate recovery codes without having two-factor authentication enabled."),
    N_("Authenticator app activated."),
    N_("Authenticator app deactivated."),
    N_("A new set of recovery codes has been generated."),
)
COUNTED = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
