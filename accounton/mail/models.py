"""Mails that a local run keeps instead of sending them."""

from django.db import models
from django.utils import timezone


class DemoMail(models.Model):
    """A mail in the mailbox of the demo, sealed: a link in it may open an account."""

    at = models.DateTimeField(default=timezone.now)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"mail {self.pk}"
