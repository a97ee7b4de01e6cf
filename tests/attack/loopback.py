"""This machine's own addresses, and no others."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotHere(Exception):
    """The address is not this machine's own."""


def loopback(base: str) -> tuple[str, int]:
    """Host and port; NotHere for any address that is not of this machine alone."""
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        raise NotHere(base) from None
    if parts.scheme != "http" or host not in LOOPBACK:
        raise NotHere(base)
    return host, port
