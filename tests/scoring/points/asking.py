"""Asking the interface about a village's month, as a page or another system does."""

from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from households.models import User
from tests.world import DAY, MONTH, VILLAGE, World

Json = dict[str, object]


def add(code: str, clause: str = "WJ02", **more: object) -> Json:
    """An operation that records an exception on DAY."""
    place = "household" if len(code) == 18 else "division"
    return {"op_id": str(uuid4()), "type": "add", place: code, "clause": clause, "date": DAY.isoformat(), **more}


def op(kind: str, **fields: object) -> Json:
    return {"op_id": str(uuid4()), "type": kind, **fields}


def withdraw(event: object, reason: str = "记错了户") -> Json:
    return op("withdraw", event=event, reason=reason)


@dataclass
class Asker:
    """One person's view of one sheet."""

    client: Client
    village: str = VILLAGE
    month: str = MONTH

    @property
    def url(self) -> str:
        return f"/api/v1/sheets/{self.month}/{self.village}/"

    def read(self) -> Json:
        response = self.client.get(self.url)
        assert response.status_code == 200, response.content
        return response.json()

    def post(self, body: object) -> HttpResponse:
        return self.client.post(f"{self.url}ops/", body, content_type="application/json")

    def send(self, *ops: Json, base: int | None = None) -> Json:
        """The whole answer."""
        response = self.post({"base_version": base, "ops": list(ops)})
        assert response.status_code == 200, response.content
        return response.json()

    def results(self, *ops: Json, base: int | None = None) -> list[Json]:
        return self.send(*ops, base=base)["results"]

    def result(self, one: Json, base: int | None = None) -> Json:
        return self.results(one, base=base)[0]

    def status(self, one: Json, base: int | None = None) -> str:
        return self.result(one, base)["status"]

    def record(self, code: str, clause: str = "WJ02", **more: object) -> int:
        """The number of a new event."""
        result = self.result(add(code, clause, **more))
        assert result["status"] == "applied", result
        return result["event"]


def asker(world: World, who: User | str, village: str = VILLAGE, month: str = MONTH) -> Asker:
    return Asker(world.client(who), village, month)
