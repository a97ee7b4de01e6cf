"""Every address as everybody, with what stands on the instance's own pages: read, written by the wrong, and with odd signs."""

import random
import re
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from households.audience import Audience
from tests.addresses import View, all_views
from tests.attack.visitor import Answer, Figure, Person, Target

LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')
PLACE = re.compile(r"\d{9,18}")
MADE_UP = "123456789"
NOT_ASKED = ("healthz", "sign-out")  # says 503 where a part is not running; would end the visit
PER_VIEW = 4  # addresses of each view that are asked for
WRITES = ("POST", "PUT", "PATCH", "DELETE")
ODD = (
    "%00 %E6%9D %ED%A0%80 ..%2f..%2fetc%2fpasswd -1 %D9%A3 %F0%9F%92%A9 '%20OR%201=1-- {{7*7}} %0d%0aX:y " + "9" * 200
).split()
QUERIED = re.findall(
    r"\w+",
    "q words page year month within village household group state kind sort before unit show day format next slips tick",
)


@dataclass(frozen=True)
class Address:
    """A path of the instance, the view that answers it, and what its parts are."""

    path: str
    view: View
    parts: tuple[str, ...]

    @property
    def audience(self) -> Audience:
        return self.view.audience or Audience(public=True)


def addresses(target: Target, seconds: float) -> list[Address]:
    """A few of every view: those that pages lead to, whoever reads them, and a made-up one for the others."""
    views = {view.name: view for view in all_views() if view.name not in NOT_ASKED}
    found: dict[str, list[Address]] = defaultdict(list)
    share = seconds / max(1, len(target.people))
    for person in target.people:
        for path in _crawled(person, time.monotonic() + share):
            match = _resolved(path)
            if match and match.url_name in views and len(found[match.url_name]) < PER_VIEW:
                parts = tuple(str(part) for part in match.kwargs.values())
                address = Address(path, views[match.url_name], parts)
                found[match.url_name] += [] if address in found[match.url_name] else [address]
    made_up = [_made_up(view) for name, view in views.items() if not found[name]]
    return [address for listed in found.values() for address in listed] + [one for one in made_up if one]


def _crawled(person: Person, until: float) -> Iterator[str]:
    """Paths that pages lead to, nearest first."""
    waiting, seen = deque(["/"]), {"/"}
    while waiting and time.monotonic() < until:
        path = waiting.popleft()
        yield path
        match = _resolved(path)
        if not match or match.url_name in NOT_ASKED:
            continue
        for link in LINK.findall(person.visitor.get(path).text):
            if link not in seen and not link.startswith("/static/"):
                seen.add(link)
                waiting.append(link)


def _resolved(path: str) -> object:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _made_up(view: View) -> Address | None:
    for part in (MADE_UP, "x", "2024-05", "2024-05-01"):
        try:
            path = reverse(view.name, kwargs=dict.fromkeys(view.parts, part))
        except NoReverseMatch:
            continue
        return Address(path, view, ())
    return None


def walk(target: Target, rng: random.Random, seconds: float) -> list[Figure]:
    """GET of every address as every role and as nobody."""
    figure, known = Figure("GET of every address as every role and nobody"), addresses(target, seconds / 2)
    until = time.monotonic() + seconds / 2
    asked = [(person, address) for person in (None, *target.people) for address in known]
    rng.shuffle(asked)
    for person, address in asked:
        if time.monotonic() > until:
            break
        visitor = person.visitor if person else target.nobody()
        figure.note(fault(person, address, visitor.get(address.path)))
    return [figure]


def fault(person: Person | None, address: Address, answer: Answer) -> str:
    """What is wrong with an answer to somebody; empty when nothing is."""
    who = f"{person.name if person else 'nobody'} {address.path[:80]} {answer.status}"
    if answer.status >= 500:
        return who
    if answer.status in (200, 201, 206) and not _welcome(person, address):
        return who
    return ""


def _welcome(person: Person | None, address: Address) -> bool:
    audience = address.audience
    if audience.public:
        return True
    if person is None or not person.may(audience.permission):
        return False
    places = [part for part in address.parts if PLACE.fullmatch(part)] if not audience.neighbours else []
    near = (place.startswith(own) or own.startswith(place) for place in places for own in person.scope)
    return not places or not person.scope or any(near)


def writes(target: Target, rng: random.Random, seconds: float) -> list[Figure]:
    """POST, PUT, PATCH and DELETE by everybody who may not; what is sent is a whole form or JSON with its token."""
    figure, known = Figure("POST, PUT, PATCH, DELETE by those without the right"), addresses(target, seconds / 3)
    closed = [address for address in known if not address.audience.public]
    asked = [(person, address, method) for person in (None, *target.people) for address in closed for method in WRITES]
    rng.shuffle(asked)
    until = time.monotonic() + seconds * 2 / 3
    for person, address, method in asked:
        if time.monotonic() > until:
            break
        if person and person.may(address.audience.permission):
            continue
        visitor = person.visitor if person else target.nobody()
        figure.note(fault(person, address, visitor.send(method, address.path, {"op_id": str(rng.getrandbits(64))})))
    return [figure]


def fuzz(target: Target, rng: random.Random, seconds: float) -> list[Figure]:
    """Odd signs in parts of addresses and in queries, as somebody who may open them. Nothing but 5xx comes through."""
    figure, known = Figure("odd signs in paths and queries"), addresses(target, seconds / 3)
    until = time.monotonic() + seconds * 2 / 3
    while time.monotonic() < until:
        address, odd = rng.choice(known), rng.choice(ODD)
        may = [person for person in target.people if person.may(address.audience.permission)]
        visitor = rng.choice(may).visitor if may else target.nobody()
        answer = visitor.get(_odd_path(address, odd, rng))
        figure.note(f"{address.path} {odd} {answer.status}" if answer.status >= 500 else "")
    return [figure]


def _odd_path(address: Address, odd: str, rng: random.Random) -> str:
    if address.parts and rng.random() < 0.5:
        return quote(address.path, safe="/%").replace(quote(rng.choice(address.parts)), odd, 1)
    chosen = rng.sample(QUERIED, 3)
    return f"{quote(address.path)}?{'&'.join(f'{name}={odd}' for name in chosen)}"
