"""Inviting colleagues by mail: once or again, and withdrawing an invitation that nobody followed yet."""

from collections.abc import Iterable, Sequence
from email.utils import getaddresses
from re import split
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounton.offices.audit import record
from accounton.offices.colleagues.accounts import subject_of
from accounton.offices.colleagues.admins import NoLongerAdmin, admins_of, turn_of
from accounton.offices.models import StaffMail, User
from accounton.offices.sign_in.mails import can_mail, send_later
from accounton.offices.turns import take_turn

AT_ONCE = 50
LONGEST_NAME, LONGEST_ADDRESS = 200, 254


class Person(NamedTuple):
    """Somebody to invite. The name may be "": they fill it in themselves."""

    email: str
    name: str


class NoAddress(Exception):
    """A part of what was typed is no e-mail address: `text`."""

    def __init__(self, text: str) -> None:
        super().__init__("not an e-mail address")
        self.text = text


class Taken(Exception):
    """Nobody was invited: `here` are already in the office, `elsewhere` are addresses that cannot be used."""

    def __init__(self, here: Sequence[User], elsewhere: Sequence[str]) -> None:
        super().__init__("taken")
        self.here, self.elsewhere = here, elsewhere


class NotInvited(Exception):
    """The colleague chose a password meanwhile, or was closed: there is no invitation any more."""


def people_in(text: str) -> list[Person]:
    """Return who stands in a text as mail programs write it: `Name <address>`, by line, comma or semicolon.

    Raises NoAddress. Somebody who stands in it twice is given once.
    """
    people: dict[str, Person] = {}
    for part in split(r"[;\n]", text):
        if not part.strip():
            continue
        found = getaddresses([part.strip()])
        if not any(address for _name, address in found):
            raise NoAddress(part.strip())
        for name, address in found:
            person = Person(_address(address, part.strip()), " ".join(name.split())[:LONGEST_NAME])
            people.setdefault(person.email, person)
    return list(people.values())


def invite(people: Iterable[Person], role: User.Role, language: str, by: User) -> list[User]:
    """Make accounts without a password and queue the mail to each. Raises Taken, NoLongerAdmin; then nobody is."""
    wanted = list(people)
    with transaction.atomic():
        office = take_turn(by.office_id or 0)
        if not admins_of(office).filter(pk=by.pk).exists():
            raise NoLongerAdmin
        _refuse_taken(wanted, by)
        made = []
        for person in wanted:
            try:
                with transaction.atomic():
                    fields = {"name": person.name, "role": role, "language": language}
                    user = User.objects.create_user(person.email, None, office, **fields)
            except IntegrityError as error:  # by another office, at this very moment
                raise Taken([], [person.email]) from error
            record(by, "colleague.invited", subject_of(user), role=str(role))
            _mail(user)
            made.append(user)
    return made


def invite_again(colleague: User, by: User) -> None:
    """Queue the mail once more, unless one waits still. Raises NotInvited, NoLongerAdmin."""
    with turn_of(by, colleague) as now:
        if not is_invited(now):
            raise NotInvited
        record(by, "colleague.invited_again", subject_of(now))
        _mail(now)


def withdraw(colleague: User, by: User) -> None:
    """Take an invitation back: the link stops working and the address is free again. Raises NotInvited, NoLongerAdmin.

    Nobody ever signed in with this account, so it is the one kind that is deleted.
    """
    with turn_of(by, colleague) as now:
        if not is_invited(now):
            raise NotInvited
        record(by, "colleague.invitation_withdrawn", subject_of(now))
        now.delete()


def is_invited(user: User) -> bool:
    """Return whether a colleague was invited and has not chosen a password yet."""
    return user.is_active and not user.has_usable_password() and user.last_login is None


def _mail(user: User) -> None:
    if can_mail() and not StaffMail.objects.filter(user=user, kind=StaffMail.Kind.INVITATION).exists():
        send_later(StaffMail.Kind.INVITATION, user.language, user=user)


def _refuse_taken(people: Sequence[Person], by: User) -> None:
    known = list(User.objects.filter(email__in=[person.email for person in people]).order_by("email"))
    if known:
        raise Taken(
            [user for user in known if user.office_id == by.office_id],
            [user.email for user in known if user.office_id != by.office_id],
        )


def _address(address: str, text: str) -> str:
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoAddress(text) from error
    if len(address) > LONGEST_ADDRESS:
        raise NoAddress(text)
    return User.objects.normalize_email(address).lower()
