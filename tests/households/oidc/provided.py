"""The provider's process, and how people go there and come back, by real HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.models import User
from households.oidc.actions import bind
from households.oidc.provider import Provider
from tests.processes import free_port
from tests.waiting import until

CLIENT, SECRET = "dongkou-six-zeros", "ke-hu-duan-mi-yao-2026"
LABEL = "省统一身份认证"


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


_opener = build_opener(Stay)


@dataclass
class Provided:
    """A running provider. `at` is its issuer."""

    at: str

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> tuple[int, str, str]:
        """Status, where it leads, body."""
        address = path if path.startswith("http") else self.at + path
        try:
            answer = _opener.open(Request(address, body, {"Content-Type": kind}), timeout=10)
        except HTTPError as led:
            answer = led
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def told(self, path: str, **value: Any) -> None:
        assert self.ask(f"/test/{path}", json.dumps(value).encode())[0] == 200

    def lies(self, **value: Any) -> None:
        """From now on; nothing for the truth."""
        self.told("lie", **value)

    def knows(self, **people: dict[str, Any]) -> None:
        """What it says of people besides their `sub`."""
        self.told("people", **people)

    def asked(self, path: str) -> int:
        """How often an address of it was asked."""
        return int(json.loads(self.ask("/test/asked")[2]).get(path, 0))

    def settings(self, **more: Any) -> Provider:
        """As the operator describes it."""
        return Provider(self.at, CLIENT, SECRET, LABEL, **more)

    def binds(self, user: User, sub: str, **more: Any) -> None:
        """As its owner bound it long ago."""
        bind(user=user, provider=self.settings(**more), subject=sub, by=user)

    def sent(self, client: Client, onward: str = "/") -> str:
        """The address to which the button of the sign-in page leads."""
        return client.get(reverse("oidc-go"), {"next": onward})["Location"]

    def answer(self, address: str, sub: str) -> str:
        """Where the provider sends somebody who has signed in there: path and query on our site."""
        status, location, body = self.ask(
            address, urlencode({"sub": sub}).encode(), "application/x-www-form-urlencoded"
        )
        assert status == 302, body
        back = urlsplit(location)
        return f"{back.path}?{back.query}"

    def signs_in(self, client: Client, sub: str, onward: str = "/") -> HttpResponse:
        """Somebody goes there, signs in, and comes back."""
        return client.get(self.answer(self.sent(client, onward), sub))


@contextmanager
def running() -> Iterator[Provided]:
    """A provider of one's own, until the end of the block."""
    port = free_port()
    program = [sys.executable, str(Path(__file__).with_name("provider_server.py")), str(port), CLIENT, SECRET]
    process = subprocess.Popen(program, stderr=subprocess.DEVNULL)
    made = Provided(f"http://127.0.0.1:{port}")
    try:
        until(lambda: _answers(made))
        yield made
    finally:
        process.kill()
        process.wait()


def _answers(made: Provided) -> bool:
    try:
        return made.ask("/keys")[0] == 200
    except URLError:
        return False
