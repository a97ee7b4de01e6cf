"""People at work while parts are killed: each repeats what it sends, under the same id, until it has an answer, and writes down both."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

from households.months import previous_month
from tests.attack.visitor import LOST, Answer, Visitor
from tests.waiting import PAUSE

Json = dict[str, Any]
AGAIN = 0.15  # of what was answered is sent once more, and must be answered the same
MONTHLY = 20  # requests with which a village's month is done
AT_ONCE = 8  # entries of one request, at most
NO_ANSWER = {LOST, 429, 500, 502, 503, 504}
PAUSES = (0.05, 0.4)  # seconds before the next try
TOGETHER = threading.Lock()


@dataclass
class Sent:
    """One operation: what it is, and its answer; None while there was none."""

    room: str
    asked: Json
    answer: Json | None = None

    @property
    def op_id(self) -> UUID:
        return UUID(self.asked["op_id"])


@dataclass
class Written:
    """What all clients sent and were told, and how often they had to ask again."""

    sent: list[Sent] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    tries: Counter[int] = field(default_factory=Counter)
    times: list[tuple[str, float]] = field(
        default_factory=list
    )  # what was asked, and seconds until there was an answer

    def of(self, room: str) -> list[Sent]:
        return [one for one in self.sent if one.room == room]

    def answered(self) -> int:
        """Operations that have their answer."""
        return sum(one.answer is not None for one in self.sent)


class GivenUp(Exception):
    """Nothing answered any more."""


@dataclass
class Client:
    """Somebody who signed in at the interface. `goes_on` says whether there is time for one more try."""

    base: str
    name: str
    password: str
    month: str
    rng: Random
    written: Written
    goes_on: Callable[[], bool]
    token: str = ""

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.base)

    def id(self) -> str:
        """An operation's id; the same for the same seed."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def get(self, path: str) -> Json:
        """What stands there. Raises GivenUp."""
        found: Json = json.loads(self.sure("GET", path).text)
        return found

    def sure(self, method: str, path: str, content: object = None) -> Answer:
        """Ask until there is an answer that is one."""
        while self.goes_on():
            begun = monotonic()
            answer = self._once(method, path, content)
            with TOGETHER:
                self.written.tries[answer.status] += 1
                self.written.times.append((f"{method} {path}", monotonic() - begun))
            if answer.status == 401:
                self.token = ""
            elif answer.status not in NO_ANSWER:
                return answer
            PAUSE.wait(self.rng.uniform(*PAUSES))
        raise GivenUp(path)

    def _once(self, method: str, path: str, content: object) -> Answer:
        if not self.token:
            known = {"username": self.name, "password": self.password}
            said = self.visitor.send("POST", "/api/v1/auth/login/", known)
            if said.status != 200:
                return said
            self.token = json.loads(said.text)["token"]
        body = b"" if content is None else json.dumps(content).encode()
        named = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        return self.visitor.ask(method, path, body, named)

    def write(self, room: str, path: str, asked: Json) -> Json:
        """One operation of its own address; its answer with the status."""
        [answer] = self.write_all(room, path, [asked], lambda each: each[0])
        return answer

    def write_all(self, room: str, path: str, asked: list[Json], body: Callable[[list[Json]], object]) -> list[Json]:
        """Several in one request. What is sent once more must be answered the same."""
        noted = [Sent(room, one) for one in asked]
        with TOGETHER:
            self.written.sent += noted
        answers = self._asked(path, asked, body)
        if self.rng.random() < AGAIN:
            repeated = self._asked(path, asked, body)
            if list(map(_lasting, repeated)) != list(map(_lasting, answers)):
                self.written.otherwise.append(f"{path}: {answers} -> {repeated}"[:400])
        for one, answer in zip(noted, answers, strict=True):
            one.answer = answer
        return answers

    def _asked(self, path: str, asked: list[Json], body: Callable[[list[Json]], object]) -> list[Json]:
        answer = self.sure("POST", path, body(asked))
        said: Json = json.loads(answer.text)
        results = said.get("results") or [said]
        return [{**one, "http": answer.status} for one in results]


def _lasting(answer: Mapping[str, Any]) -> Json:
    """Without what may differ when it is asked again: an entry that was applied exists then, a receipt has its own time."""
    status = {"applied": "exists"}.get(str(answer.get("status")), answer.get("status"))
    return {"status": status} | {name: answer.get(name) for name in ("op_id", "id", "number", "event", "code", "http")}


Work = Callable[[Client], Iterator[None]]


def a_months_entries(client: Client) -> Iterator[None]:
    """A cadre who has recorded what a month brings, and whose telephone sends it again and again."""
    return entries(client, most=MONTHLY)


def entries(client: Client, most: int = 10**9) -> Iterator[None]:
    """A cadre who records and withdraws; after so many requests what was sent before is sent again, under the same ids."""
    village = client.get("/api/v1/me/")["scope"][0]
    address = f"/api/v1/sheets/{client.month}/{village}/"
    sheet = client.get(address)
    clauses = [one["code"] for zero in sheet["scheme"]["indicators"] for one in zero["clauses"] if _plain(one)]
    codes, mine, before = [one["code"] for one in sheet["households"]], list[str](), list[list[Json]]()
    while True:
        if len(before) >= most:
            client.sure("POST", f"{address}ops/", {"base_version": None, "ops": client.rng.choice(before)})
            yield
            continue
        asked = [_entry(client, codes, clauses, mine, sheet["today"]) for _ in range(client.rng.randint(1, AT_ONCE))]
        answers = client.write_all("sheet", f"{address}ops/", asked, lambda ops: {"base_version": None, "ops": ops})
        mine += [
            str(one["op_id"])
            for one, answer in zip(asked, answers, strict=True)
            if one["type"] == "add" and answer["status"] in ("applied", "exists")
        ]
        before.append(asked)
        yield


def _plain(clause: Json) -> bool:
    """Whether one person may record it for a household without any paper."""
    return (
        clause["may_record"]
        and not clause["document_required"]
        and not clause["second_person"]
        and clause["subject"] == "household"
    )


def _entry(client: Client, codes: list[str], clauses: list[str], mine: list[str], day: str) -> Json:
    rng = client.rng
    if mine and rng.random() < 0.3:
        of = mine.pop(rng.randrange(len(mine)))
        return {"op_id": client.id(), "type": "withdraw", "of": of, "reason": "记错了户"}
    said = {"household": rng.choice(codes), "clause": rng.choice(clauses), "date": day, "again": True}
    return {"op_id": client.id(), "type": "add", **said}


def counter(client: Client) -> Iterator[None]:
    """A cadre at the counter: goods are reserved, and given up again."""
    village = client.get("/api/v1/me/")["scope"][0]
    sheet = client.get(f"/api/v1/sheets/{client.month}/{village}/")
    items = [one["id"] for one in client.get(f"/api/v1/shops/{village}/")["items"]]
    while True:
        household, item = client.rng.choice(sheet["households"])["code"], client.rng.choice(items)
        asked = {"op_id": client.id(), "household": household, "item": item, "quantity": 1}
        answer = client.write("shop", "/api/v1/redemptions/", asked)
        if answer["http"] == 201 and client.rng.random() < 0.8:
            given_up = {"op_id": client.id(), "reason": "不要了", "redemption": answer["id"]}
            client.write("void", f"/api/v1/redemptions/{answer['id']}/void/", given_up)
        yield


def letters(client: Client) -> Iterator[None]:
    """The petition office files what people bring."""
    place = client.get("/api/v1/me/")["scope"][0]
    while True:
        told = {"place": place, "title": f"路灯不亮 {client.rng.randrange(10**6)}", "text": "村口的路灯坏了。"}
        client.write("petitions", "/api/v1/petitions/", {"op_id": client.id(), **told})
        yield


def objections(client: Client) -> Iterator[None]:
    """A supervisor names deeds that a posted month lacks; refused where nothing is posted."""
    village = client.get("/api/v1/me/")["scope"][0]
    month = previous_month(client.month)
    for number in range(1, 10**6):
        household = f"{village}{number % 4 + 1:02d}{number // 4 % 40 + 1:04d}"
        asked = {"op_id": client.id(), "month": month, "household": household, "text": "帮邻居收了稻子。"}
        client.write("objections", "/api/v1/objections/", asked)
        yield
