"""Links with which somebody chooses a password."""

from datetime import timedelta

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int

from accounton.offices.models import User

FIRST_LINK_DAYS = 7


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens: one use, and an hour; some days for the link with which somebody chooses the first password.

    allauth's would write an EmailAddress for each account that it looks at.
    """

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Return whether a token is right for an account, and not too old for it."""
        if user is None or not token or user.has_usable_password():
            return super().check_token(user, token)
        made_at, dash, _rest = token.partition("-")
        try:
            seconds = base36_to_int(made_at) if dash else -1
        except ValueError:
            return False
        right = constant_time_compare(self._make_token_with_timestamp(user, seconds, self.secret), token)
        age = self._num_seconds(self._now()) - seconds
        return right and age <= timedelta(days=FIRST_LINK_DAYS).total_seconds()


tokens = LinkTokens()


def reset_path(user: User) -> str:
    """Return the address where a colleague chooses a password, the first one or a new one."""
    key = {"uidb36": user_pk_to_url_str(user), "key": tokens.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)
