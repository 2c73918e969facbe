"""Django's own way to a first account leads nowhere here: an account belongs to an office."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management import CommandError


class Command(createsuperuser.Command):
    help = "Refused: accounton office create makes an office with its first admin."

    def execute(self, *_args: Any, **_options: Any) -> None:
        """Refuse, before the database is looked at."""
        raise CommandError(
            "There are no superusers here: make an office with its first admin by "
            "accounton office create SLUG --name NAME --admin EMAIL."
        )
