"""What mails about an account say, as plain text and as simple HTML."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounton.offices.models import StaffMail


class Letter(NamedTuple):
    subject: str
    before: list[str]
    link: str
    link_text: str
    after: list[str]


def message(mail: StaffMail, letter: Letter, address: str) -> EmailMultiAlternatives:
    """Return the mail as Django sends it, in the active language."""
    # Sent twice it has the same number, and no host of ours that only we know.
    number = f"<account.{mail.pk}.{int(mail.asked_at.timestamp())}@{urlsplit(settings.BASE_URL).hostname}>"
    headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
    context = {"letter": letter, "platform": settings.PLATFORM_NAME}
    text = render_to_string("offices/letter.txt", context).strip() + "\n"
    made = EmailMultiAlternatives(letter.subject, text, to=[address], headers=headers)
    made.attach_alternative(render_to_string("offices/letter.html", context), "text/html")
    return made


def absolute(path: str) -> str:
    """Return the whole address of a page: never by the Host of a request, which a stranger writes."""
    return f"{settings.BASE_URL}{path}"


def password_reset(path: str) -> Letter:
    """Return the letter with the link to choose a new password."""
    return Letter(
        subject=_("Choose a new password"),
        before=[
            _("Somebody, most likely you, asked for a new password for your account at %(platform)s.") % _platform(),
            _("Choose your new password with the link below. It works once, for one hour."),
        ],
        link=absolute(path),
        link_text=_("Choose a new password"),
        after=[_("Was it not you? Then you need not do anything: your password stays as it is.")],
    )


def password_changed(mail: StaffMail) -> Letter:
    """Return the letter that tells of a changed password."""
    return _warning(
        _("Your password was changed"),
        _("The password of your account at %(platform)s was changed on %(day)s at %(time)s.") % _when(mail),
        _("Wherever else you were signed in, you have been signed out."),
    )


def second_factor_changed(mail: StaffMail) -> Letter:
    """Return the letter that tells of a changed second factor."""
    return _warning(
        _("Your two-step sign-in was changed"),
        _("The two-step sign-in of your account at %(platform)s was changed on %(day)s at %(time)s.") % _when(mail),
        _("It was switched on or off, or new recovery codes were made."),
    )


def _warning(subject: str, *what: str) -> Letter:
    return Letter(
        subject=subject,
        before=[*what, _("Was it you? Then you need not do anything.")],
        link=absolute(reverse("account_reset_password")),
        link_text=_("It was not me: choose a new password"),
        after=[_("Tell an admin of your office as well if it was not you.")],
    )


def _platform() -> dict[str, str]:
    return {"platform": settings.PLATFORM_NAME}


def _when(mail: StaffMail) -> dict[str, str]:
    at = localtime(mail.asked_at)
    return {**_platform(), "day": date_format(at, "DATE_FORMAT"), "time": date_format(at, "H:i")}
