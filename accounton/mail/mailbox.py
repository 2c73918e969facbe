"""The mailbox of the demo: where the mails of a local run are kept and read."""

import email
import email.policy
import html
import re
from datetime import datetime
from email.message import EmailMessage
from typing import NamedTuple

from django.utils.html import strip_tags

from accounton.mail.models import DemoMail
from accounton.offices.keys import sealer

CONTEXT = b"demo mail"
KEPT = 200


class Mail(NamedTuple):
    pk: int
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    attachments: list[str]


def keep(raw: bytes) -> None:
    """Put a mail (as it would travel) into the mailbox; only the newest stay."""
    kept = DemoMail.objects.create(sealed=sealer().seal(raw, CONTEXT))
    DemoMail.objects.filter(pk__lte=kept.pk - KEPT).delete()


def mails() -> list[Mail]:
    """Return the mails, newest first."""
    return [_opened(kept) for kept in DemoMail.objects.all()]


def mail(pk: int) -> Mail:
    """Return one mail. Raises DemoMail.DoesNotExist."""
    return _opened(DemoMail.objects.get(pk=pk))


def empty() -> int:
    """Throw all mails away; return how many there were."""
    return DemoMail.objects.all().delete()[0]


def _opened(kept: DemoMail) -> Mail:
    raw = sealer().open(bytes(kept.sealed), CONTEXT)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return Mail(
        pk=kept.pk,
        at=kept.at,
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        text=_text(message),
        attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
    )


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    if body.get_content_subtype() == "html":
        content = html.unescape(strip_tags(re.sub(r"(?is)<(style|script|head)\b.*?</\1>", "", content)))
    return content.strip()
