"""Which account signs in with an e-mail address."""

from allauth.account.internal.userkit import filter_users_by_email

from accounton.offices.models import User


def account_with(address: str) -> User | None:
    """Return the account that signs in with this address, closed or not; the same one as allauth finds."""
    found: User | None = next(iter(filter_users_by_email(address, prefer_verified=True, for_login=True)), None)
    return found
