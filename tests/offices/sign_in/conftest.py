"""A real mail server, and the worker's queue worked off as the worker does it."""

import email.policy
import re
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from accounton.site import email_url


class Mailboxes:
    """What a mail server was given; `answer` is what it says to each recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.answer = "250 OK"
        self.address = ""
        self.signed_in: list[tuple[bytes, bytes]] = []

    def signs_in(self, server, session, envelope, mechanism, given) -> AuthResult:
        self.signed_in.append((given.login, given.password))
        return AuthResult(success=True)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.original_content, policy=email.policy.default))
        self.to.append(envelope.rcpt_tos)
        return "250 OK"

    def only(self) -> EmailMessage:
        [mail] = self.mails
        return mail


@pytest.fixture
def mail_server(settings) -> Iterator[Mailboxes]:
    """A server on a port of its own that the settings point to."""
    mailboxes = Mailboxes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        mailboxes, hostname="127.0.0.1", port=port, authenticator=mailboxes.signs_in, auth_require_tls=False
    )
    controller.start()
    mailboxes.address = f"127.0.0.1:{port}"
    use(settings, f"smtp://{mailboxes.address}")
    yield mailboxes
    controller.stop()


def use(settings, url: str) -> None:
    """Send through this mail server, as with ACCOUNTON_EMAIL_URL."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for name, value in email_url.mail_server(url).items():
        setattr(settings, name, value)


@pytest.fixture
def work_off() -> Callable[[], list[object]]:
    """Give a function that does what the queue holds; it gives what the jobs carried."""

    def work_off() -> list[object]:
        carried: list[object] = []
        for waiting in OrmQ.objects.order_by("pk"):
            task = waiting.task
            waiting.delete()
            carried.append((task["func"], *task["args"]))
            import_string(task["func"])(*task["args"], **task["kwargs"])
        return carried

    return work_off


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


def link_in(mail: EmailMessage) -> str:
    """Give the path of the one link in a mail, after its address was compared with ours."""
    [link] = re.findall(r"https?://\S+", text_of(mail))
    assert link.startswith("http://localhost:8000/")
    return link.removeprefix("http://localhost:8000")
