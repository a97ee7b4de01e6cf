"""Somebody with a browser who asks an instance on this machine, and what the attacks count."""

import http.client
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from households.permissions import ROLES, Permission
from households.roles import Role
from tests.attack.loopback import loopback

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PATIENCE = 60  # seconds until an answer counts as lost
LOST = 599  # the status of an answer that never came


@dataclass
class Figure:
    """One attack: how often it was tried, and what came through."""

    attack: str
    tries: int = 0
    through: list[str] = field(default_factory=list)

    def note(self, fault: str) -> None:
        """One try; `fault` is empty when it was held off."""
        self.tries += 1
        if fault:
            self.through.append(fault)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str = ""
    kind: str = ""


class Visitor:
    """A browser with its cookies. Forms get the token that the site wants, so that what is refused is not for its lack."""

    def __init__(self, base: str, cookies: Mapping[str, str] | None = None) -> None:
        self.host, self.port = loopback(base)
        self.cookies: dict[str, str] = dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def form(self, path: str, fields: Mapping[str, str], at: str = "") -> Answer:
        """Send a form, with the token of the page at `at`, by default of the form's own page."""
        found = TOKEN.search(self.get(at or path).text)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode({**fields, **token}).encode(), {"Content-Type": kind})

    def send(self, method: str, path: str, content: object) -> Answer:
        """JSON, with the token that a page's script would send."""
        token = next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        return self.ask(method, path, json.dumps(content).encode(), headers)

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a line of its own."""
        line = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        said = {"Cookie": cookie, "Referer": f"http://{self.host}:{self.port}{path[:200]}", **(headers or {})}
        try:
            line.request(method, path, body or None, said)
            answer = line.getresponse()
            for given in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
            text = answer.read().decode("utf-8", "replace")
            return Answer(
                answer.status, text, answer.headers.get("Location", ""), answer.headers.get("Content-Type", "")
            )
        except (OSError, http.client.HTTPException) as trouble:
            return Answer(LOST, str(trouble))
        finally:
            line.close()


@dataclass(frozen=True)
class Person:
    """Somebody with an account: a role, the places that are theirs, and a way to come in."""

    name: str
    role: Role
    scope: Sequence[str]
    visitor: Visitor

    def may(self, permission: Permission | None) -> bool:
        return permission is None or permission in ROLES[self.role]


@dataclass(frozen=True)
class Target:
    """An instance: where it is, who has an account, plates with their PINs, and passwords by account."""

    base: str
    people: Sequence[Person]
    doors: Sequence[tuple[str, str]] = ()
    passwords: Mapping[str, str] = field(default_factory=dict)

    def nobody(self) -> Visitor:
        return Visitor(self.base)


Part = Callable[..., list[Figure]]
