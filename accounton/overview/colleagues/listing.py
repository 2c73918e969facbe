"""What the pages of colleagues show of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounton.customers.handing_over import counts_of
from accounton.offices.colleagues.inviting import is_invited
from accounton.offices.models import Office, User


class Account(StrEnum):
    """How it is with an account; lists show them in this order."""

    ACTIVE = "active"
    INVITED = "invited"
    CLOSED = "closed"


WORDS = {
    Account.ACTIVE: _("Active"),
    Account.INVITED: _("Invited, not in yet"),
    Account.CLOSED: _("Closed"),
}
DOTS = {Account.ACTIVE: "dot-done", Account.INVITED: "dot-sent", Account.CLOSED: "dot-not-sent"}


@dataclass(frozen=True)
class Colleague:
    """One line of the list."""

    user: User
    account: Account
    has_second_factor: bool
    customers: int

    @property
    def word(self) -> str:
        """How it is with the account, in words."""
        return str(WORDS[self.account])

    @property
    def dot(self) -> str:
        """The class of its sign."""
        return DOTS[self.account]


def colleagues_of(office: Office) -> list[Colleague]:
    """Return all colleagues of an office, those who can sign in first."""
    users = list(_with_second_factor().filter(office=office).order_by("name", "email"))
    order = list(Account)
    return sorted(_shown(users), key=lambda each: order.index(each.account))


def colleague_of(user: User) -> Colleague:
    """Return what the page of one colleague shows."""
    return _shown([_with_second_factor().get(pk=user.pk)])[0]


def _with_second_factor() -> QuerySet[User]:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds)
    return User.objects.annotate(has_second_factor=Exists(factors)).select_related("office")


def _shown(users: Sequence[User]) -> list[Colleague]:
    counts = counts_of(users)
    return [
        Colleague(user, _account(user), user.has_second_factor, counts.get(user.pk, 0))  # type: ignore[attr-defined]
        for user in users
    ]


def _account(user: User) -> Account:
    if not user.is_active:
        return Account.CLOSED
    return Account.INVITED if is_invited(user) else Account.ACTIVE
