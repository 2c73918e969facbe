"""The one Sealer of this process, made from the settings."""

from functools import cache

from django.conf import settings

from accounton.sealing import Sealer


@cache
def sealer() -> Sealer:
    """Give the Sealer with the keys of the settings."""
    return Sealer(settings.ENCRYPTION_KEYS)
