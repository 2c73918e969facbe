"""Where we differ from allauth's defaults: nobody signs up by himself, tries are limited, second factors lie sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language

from accounton.offices.kept_posts import kept_beyond, kept_post
from accounton.offices.keys import sealer
from accounton.offices.limits import browsers
from accounton.offices.limits.tries import PASSWORD, Try, record_of_account
from accounton.offices.models import StaffMail, User
from accounton.offices.sign_in.lookup import account_with
from accounton.offices.sign_in.mails import send_later
from accounton.offices.sign_in.secrets import is_own_password

CONTEXT = b"second factor"
SIGN_IN_MARK = "sign_in_mark"
# What allauth wants to tell of: the mail of ours, and how the audit calls it.
CHANGES = {
    "account/email/password_reset": (StaffMail.Kind.CHANGED, "password.reset"),
    "account/email/password_changed": (StaffMail.Kind.CHANGED, "password.changed"),
    "account/email/password_set": (StaffMail.Kind.CHANGED, "password.changed"),
    "mfa/email/totp_activated": (StaffMail.Kind.SECOND_FACTOR, "second_factor.added"),
    "mfa/email/totp_deactivated": (StaffMail.Kind.SECOND_FACTOR, "second_factor.removed"),
    "mfa/email/webauthn_added": (StaffMail.Kind.SECOND_FACTOR, "second_factor.added"),
    "mfa/email/webauthn_removed": (StaffMail.Kind.SECOND_FACTOR, "second_factor.removed"),
    "mfa/email/recovery_codes_generated": (StaffMail.Kind.SECOND_FACTOR, "recovery_codes.made"),
}


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: Any) -> bool:
        """Never: an office's admin makes the accounts."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is. Raises TooSoon before anything is compared."""
        email = credentials["email"].lower()
        this_try = Try(request, PASSWORD, email, account_with(email))
        found: User | None = super().authenticate(request, **credentials)
        if found is None:
            this_try.wrong()
        else:
            this_try.right()
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: allauth counts in the cache here, under the name of the host."""

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether a colleague who is signed in typed their own password. Raises TooSoon."""
        return is_own_password(self.request, user, password)

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse | None:
        """Keep which password was given, for login(): a code may be asked for in between."""
        response: HttpResponse | None = super().pre_login(request, user, **options)
        if response is None:
            request.session[SIGN_IN_MARK] = user.get_session_auth_hash()
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, unless the password was changed or the account closed since pre_login()."""
        mark = request.session.pop(SIGN_IN_MARK, "")
        if not user.is_active or not constant_time_compare(mark, user.get_session_auth_hash()):
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Record it, and sign out."""
        if isinstance(request.user, User):
            record_of_account(request.user, "signed_out")
        with kept_beyond(request):
            super().logout(request)

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Record it, and have the browser remember it."""
        response: HttpResponse = super().post_login(request, user, **options)
        record_of_account(user, "signed_in", known_browser=browsers.known_browser(request, user) is not None)
        browsers.remember(request, response, user)
        if kept_post(request.session, user) and response.headers.get("Location") != reverse("account_signed_in"):
            response.headers["Location"] = reverse("account_kept")
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *_args: Any, **_options: Any) -> None:
        """Record a change to an account, and queue our own mail about it."""
        kind, action = CHANGES[template_prefix]
        record_of_account(user, action)
        send_later(kind, get_language() or "", user=user)


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
