"""Django mail backends of our own."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounton.mail import mailbox


class DemoMailboxBackend(BaseEmailBackend):
    """Keeps mails in the mailbox of the demo; nothing leaves this machine, and nothing is printed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails that have a recipient; return how many."""
        messages = [message for message in email_messages if message.recipients()]
        for message in messages:
            mailbox.keep(message.message().as_bytes())
        return len(messages)
