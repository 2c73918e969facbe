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
from django.utils.translation import ngettext

from accounton.offices.colleagues.admins import whom_to_ask
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


def invitation(path: str, office: str, days: int) -> Letter:
    """Return the letter with the link by which a new colleague chooses a password."""
    return Letter(
        subject=_("%(office)s invites you to %(platform)s") % {**_platform(), "office": office},
        before=[
            _("You have an account at %(platform)s, with which you work for %(office)s.")
            % {**_platform(), "office": office},
            ngettext(
                "Choose a password with the link below and sign in with this e-mail address. The link works for "
                "%(days)s day.",
                "Choose a password with the link below and sign in with this e-mail address. The link works for "
                "%(days)s days.",
                days,
            )
            % {"days": days},
        ],
        link=absolute(path),
        link_text=_("Choose a password"),
        after=[_("Did you not expect this? Then you need not do anything: without a password nobody can use it.")],
    )


def password_reset_by_admin(path: str) -> Letter:
    """Return the letter with the link to choose a new password that an admin had sent."""
    return password_reset(path)._replace(
        before=[
            _("An admin of your office had this link sent to you, to choose a new password at %(platform)s.")
            % _platform(),
            _("Choose your new password with the link below. It works once, for one hour."),
        ],
        after=[_("Did you not ask for it? Your password stays as it is until you choose another.")],
    )


def second_factor_reset(mail: StaffMail) -> Letter:
    """Return the letter that tells of a second factor that an admin or the host took away."""
    return _warning(
        mail,
        _("Your two-step sign-in was switched off"),
        _("On %(day)s at %(time)s the two-step sign-in of your account at %(platform)s was switched off for you.")
        % _when(mail),
        _("You were signed out everywhere. Sign in with your password, and set the two-step sign-in up again."),
    )


def password_changed(mail: StaffMail) -> Letter:
    """Return the letter that tells of a changed password."""
    return _warning(
        mail,
        _("Your password was changed"),
        _("The password of your account at %(platform)s was changed on %(day)s at %(time)s.") % _when(mail),
        _("Wherever else you were signed in, you have been signed out."),
    )


def second_factor_changed(mail: StaffMail) -> Letter:
    """Return the letter that tells of a changed second factor."""
    return _warning(
        mail,
        _("Your two-step sign-in was changed"),
        _("The two-step sign-in of your account at %(platform)s was changed on %(day)s at %(time)s.") % _when(mail),
        _("It was switched on or off, or new recovery codes were made."),
    )


def _warning(mail: StaffMail, subject: str, *what: str) -> Letter:
    whom = {"names": whom_to_ask(mail.user.office, mail.user) if mail.user else ""}
    return Letter(
        subject=subject,
        before=[*what, _("Was it you? Then you need not do anything.")],
        link=absolute(reverse("account_reset_password")),
        link_text=_("It was not me: choose a new password"),
        after=[_("If it was not you, tell %(names)s as well.") % whom],
    )


def _platform() -> dict[str, str]:
    return {"platform": settings.PLATFORM_NAME}


def _when(mail: StaffMail) -> dict[str, str]:
    at = localtime(mail.asked_at)
    return {**_platform(), "day": date_format(at, "DATE_FORMAT"), "time": date_format(at, "H:i")}
