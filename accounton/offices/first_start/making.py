"""Making an office with its first admin, who chooses a password by a link.

Links to choose a first password, for these admins and for colleagues who are invited, are those of sign_in/links.py.
"""

import re
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction

from accounton.belgium.numbers_in_text import masked_name
from accounton.offices.audit import record
from accounton.offices.colleagues.inviting import NoAddress, Person, people_in
from accounton.offices.models import Office, StaffMail, User
from accounton.offices.scoping import acting_for
from accounton.offices.sign_in.letters import absolute
from accounton.offices.sign_in.links import reset_path
from accounton.offices.sign_in.mails import can_mail, send_later

LONGEST_SLUG, LONGEST_NAME = 50, 200
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
NO_SLUG = (
    "The short name of an office has lower-case letters, digits and hyphens, {longest} at most: write it like "
    "kantoor-gent."
)
NO_NAME = "Give the office's name with --name: 1 to {longest} characters, such as --name 'Kantoor Gent'."
NUMBER_AS_NAME = "A national number cannot be part of the name of an office or a person."
NO_ADDRESS = "--admin is no e-mail address: write it like an@office.example."
SEVERAL = "Give one e-mail address with --admin: the admin invites the others from the pages."
SLUG_TAKEN = (
    "There is an office {slug} already: choose another short name. A new link for its admin is printed by "
    "accounton colleague link EMAIL."
)
ADDRESS_TAKEN = (
    "The e-mail address of --admin is taken: somebody signs in with it already. A new link for that account is "
    "printed by accounton colleague link EMAIL."
)


class CannotMake(Exception):
    """The office cannot be made as asked for; nothing was written. The text is the line for the administrator."""


class Made(NamedTuple):
    """An office that was made: its admin has no password yet, and chooses one by the link."""

    office: Office
    admin: User
    link: str
    is_mailed: bool


def make_office(slug: str, name: str, address: str, language: str = settings.LANGUAGE_CODE) -> Made:
    """Make an office and its admin, and queue the mail with the link where there is a mail server.

    `address` may say the admin's name too, as mail programs write it. Raises CannotMake.
    """
    name = " ".join(name.split())
    person = _checked(slug, name, address)
    try:
        with transaction.atomic():
            _refuse_taken(slug, person.email)
            office = Office.objects.create(slug=slug, name=name)
            fields = {"name": person.name, "role": User.Role.ADMIN, "language": language}
            admin = User.objects.create_user(person.email, None, office, **fields)
            with acting_for(office.pk):
                record(None, "office.created", f"office:{office.pk}")
                record(None, "colleague.password_link", f"user:{admin.pk}", shown=True)
            if can_mail():
                send_later(StaffMail.Kind.INVITATION, language, user=admin)
    except IntegrityError as error:  # by another command, at this very moment
        is_slug = Office.objects.filter(slug=slug).exists()
        raise CannotMake(SLUG_TAKEN.format(slug=slug) if is_slug else ADDRESS_TAKEN) from error
    return Made(office, admin, absolute(reset_path(admin)), can_mail())


def _checked(slug: str, name: str, address: str) -> Person:
    if len(slug) > LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise CannotMake(NO_SLUG.format(longest=LONGEST_SLUG))
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise CannotMake(NO_NAME.format(longest=LONGEST_NAME))
    try:
        people = people_in(address)
    except NoAddress as error:
        raise CannotMake(NO_ADDRESS) from error
    if not people:
        raise CannotMake(NO_ADDRESS)
    if len(people) > 1:
        raise CannotMake(SEVERAL)
    if any(masked_name(text) != text for text in (slug, name, people[0].name)):
        raise CannotMake(NUMBER_AS_NAME)
    return people[0]


def _refuse_taken(slug: str, email: str) -> None:
    if Office.objects.filter(slug=slug).exists():
        raise CannotMake(SLUG_TAKEN.format(slug=slug))
    if User.objects.filter(email=email).exists():
        raise CannotMake(ADDRESS_TAKEN)
