"""Where a request comes from, as far as that can be believed."""

import ipaddress

from allauth.core.internal.httpkit import clean_client_ip, get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

IPV6_PREFIX = 64
"""A household or office gets at least this many bits of its own, so that single addresses say nothing."""
FORWARDING = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
"""What proxies and tunnels say of the visitor for whom they ask."""


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address; "" where it cannot be known.

    X-Forwarded-For counts only as far as our own proxies wrote it (ALLAUTH_TRUSTED_PROXY_COUNT).
    """
    try:
        address = get_client_ip(request)
    except ImproperlyConfigured:  # fewer proxies than are trusted: nothing in the header is ours
        address = None
    return address or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or ""


def network(request: HttpRequest) -> str:
    """Return the visitor's IPv4 address or IPv6 network, as one text for all ways to write it."""
    address = _parsed(client_address(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), IPV6_PREFIX), strict=False))
    return str(address or "")


def is_this_machine(request: HttpRequest) -> bool:
    """Whether the visitor sits at the machine that we run on, and does not come in through a tunnel that ends here."""
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and any(name in request.headers for name in FORWARDING):
        return False
    address = _parsed(client_address(request))
    return address is not None and address.is_loopback


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
