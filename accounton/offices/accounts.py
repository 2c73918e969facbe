"""Where we differ from allauth's defaults: nobody signs up by himself, and second factors lie sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter

from accounton.offices.keys import sealer
from accounton.offices.models import User

CONTEXT = b"second factor"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: Any) -> bool:
        """Never: an office's admin makes the accounts."""
        return False


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        """Seal the secret of a second factor before it is stored."""
        return base64.b64encode(sealer().seal(text.encode(), CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what encrypt() made."""
        return sealer().open(base64.b64decode(encrypted_text), CONTEXT).decode()


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        """Give whoever is logged in together with the office, which every page asks for; None where nobody may be."""
        user = User.objects.select_related("office").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
