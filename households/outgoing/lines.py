"""Lines to servers of others: over TLS that is checked, or to this very machine. A redirect is an answer like any other."""

import ssl
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def safe_parts(url: str) -> SplitResult | None:
    """The address in parts; None for one that names no server, or one that would be asked in clear over a network."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    return parts if host and safe else None


def line_to(parts: SplitResult, *, seconds: float) -> HTTPConnection:
    """A line that is not open yet, with so much time for the connection and for each piece of an answer."""
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=seconds)


def asked_of(parts: SplitResult) -> str:
    """What is asked of the server: path and query."""
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
