"""Requests to the provider: few at a time, each with an end, over TLS that is checked, and never led elsewhere by an answer."""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from threading import BoundedSemaphore
from urllib.parse import quote, urlencode, urlsplit

from households.oidc.provider import Provider, Told, is_safe
from households.outgoing.lines import asked_of, line_to

STEP = 5  # seconds for a connection, and for each piece of an answer
_WHOLE = 10  # seconds for an answer
_PATIENCE = 2  # seconds, when all of them are under way
_LONGEST = 512 * 1024
_at_once = BoundedSemaphore(4)  # of one process: a provider that hangs takes no more threads than that


class Away(Exception):
    """The provider does not answer, or not with what it should; the reason is for the log and holds nothing personal."""


class Denied(Exception):
    """It answered that it does not take what was sent."""


def get(url: str) -> Told:
    """A JSON object. Raises Away, Denied."""
    return get_dated(url)[0]


def get_dated(url: str) -> tuple[Told, datetime | None]:
    """The same, and what time it is there, to the second; None where it does not say. Raises Away, Denied."""
    return _ask(url, "GET", None, {})


def post(url: str, form: Mapping[str, str], provider: Provider) -> Told:
    """The answer to a form that is sent in our name: RFC 6749, 2.3.1. Raises Away, Denied."""
    named = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
    headers = {
        "Authorization": f"Basic {b64encode(named.encode()).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _ask(url, "POST", urlencode(form), headers)[0]


def _ask(url: str, method: str, body: str | None, headers: dict[str, str]) -> tuple[Told, datetime | None]:
    if not is_safe(url):
        raise Away("address")
    if not _at_once.acquire(timeout=_PATIENCE):
        raise Away("busy")
    try:
        status, answer, date = _exchange(url, method, body, {"Accept": "application/json", **headers})
    except (OSError, HTTPException) as failed:
        raise Away(type(failed).__name__) from None
    finally:
        _at_once.release()
    if 400 <= status < 500:
        raise Denied(str(status))
    if status != 200:  # a redirect too: nothing of ours goes to whom an answer names
        raise Away(f"status {status}")
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Away("no JSON object")
    return found, _moment(date)


def _moment(date: str | None) -> datetime | None:
    """Of a header Date."""
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None


def _exchange(url: str, method: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes, str | None]:
    parts = urlsplit(url)
    connection = line_to(parts, seconds=STEP)
    try:
        connection.request(method, asked_of(parts), body, headers)
        answer = connection.getresponse()
        return answer.status, _read(answer), answer.getheader("Date")
    finally:
        connection.close()


def _read(answer: HTTPResponse) -> bytes:
    until, read = time.monotonic() + _WHOLE, bytearray()
    while piece := answer.read1(65_536):
        read += piece
        if len(read) > _LONGEST or time.monotonic() > until:
            raise TimeoutError
    return bytes(read)
