"""What makes a password a poor one, where we say it otherwise than Django."""

from typing import Any

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class SimilarityValidator(UserAttributeSimilarityValidator):
    """Refuses a password that resembles what the account itself says: Django puts the field's English name in it."""

    def __init__(self, user_attributes: Any = ("email", "name"), **options: Any) -> None:
        super().__init__(user_attributes, **options)

    def get_error_message(self) -> str:
        """Return what is wrong, in one sentence for both."""
        return _("The password resembles your name or your e-mail address too much.")
