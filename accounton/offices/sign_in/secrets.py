"""Is the password or code right? Each try goes through the limits first."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpRequest

from accounton.offices.limits.tries import CODE, PASSWORD, Try
from accounton.offices.models import User

LAST_COUNTER = "last_counter"


def is_own_password(request: HttpRequest, user: User, password: str) -> bool:
    """Whether a colleague who is signed in typed their own password. Raises TooSoon."""
    this_try = Try(request, PASSWORD, user.email.lower(), user)
    if user.check_password(password):
        this_try.right()
        return True
    this_try.wrong()
    return False


def authenticator_of_code(request: HttpRequest, user: User, code: str) -> Authenticator | None:
    """Return the second factor that a code belongs to, and use the code up; None for a wrong one. Raises TooSoon."""
    this_try = Try(request, CODE, f"user {user.pk}", user)
    authenticator = use_code_up(user, code)
    if authenticator is None:
        this_try.wrong()
    else:
        this_try.right()
    return authenticator


def use_code_up(user: User, code: str) -> Authenticator | None:
    """Return the second factor that a code belongs to, and have it work no more; None for a wrong one."""
    for authenticator in Authenticator.objects.filter(user=user):
        if _uses_up(authenticator, code):
            authenticator.user = user
            return authenticator
    return None


def _uses_up(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return _uses_totp_up(authenticator, code)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return bool(authenticator.wrap().validate_code(code))
    return False  # a passkey has no codes to type


@transaction.atomic
def _uses_totp_up(authenticator: Authenticator, code: str) -> bool:
    # Used codes stand with the secret itself (RFC 6238, 5.2); allauth's stand in the cache, which forgets.
    data = Authenticator.objects.select_for_update().get(pk=authenticator.pk).data
    secret = decrypt(data["secret"])
    for counter in yield_hotp_counters_from_time():
        right = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
        if right and counter > data.get(LAST_COUNTER, -1):
            authenticator.data = {**data, LAST_COUNTER: counter}
            authenticator.save(update_fields=["data"])
            return True
    return False
