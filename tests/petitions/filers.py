"""People who file: browsers at the public pages, at a household's plate, and with a code from a receipt."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from households.files.pdf import cleaned
from households.models import Household, User
from petitions.filing.actions.papers import attach
from petitions.filing.uploads import Paper
from petitions.models import FileKind, Petition
from petitions.steps.handling import answer, handle
from petitions.steps.routing import accept, assign
from tests.plates import own_plate
from tests.world import VILLAGE, World

TITLE, TEXT = "组里的路坏了半年", "一组到学校的路坏了半年，下雨天小孩上学摔跤，希望修一修。"
PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
PDF = cleaned(PAPER)  # as it is kept: making it anew once more changes nothing
NUMBER = re.compile(r"430726-[0-9]{4}-[0-9]{6}")
CODE = re.compile(r'<dd class="code">(\w{5}) (\w{5})</dd>')


class Filer:
    """A browser in which somebody files and follows. With a household, behind its plate and PIN."""

    def __init__(self, household: Household | None = None) -> None:
        self.client, self.token = Client(), ""
        if household is not None:
            plate, pin = own_plate(household)
            self.token, self.pin = plate.token, pin
            self.client.post(reverse("plate", args=[plate.token]), {"pin": pin})

    def url(self, name: str, *parts: object) -> str:
        own = {"new": "household-petition-new", "list": "household-petitions", "page": "household-petition"}
        shared = {"new": "petition-new", "page": "petition-follow", "act": "petition-follow-act"}
        if not self.token:
            return reverse(shared[name], args=parts)
        return reverse(own.get(name, f"household-petition-{name}"), args=[self.token, *parts])

    def file(self, address: str = "", **given: Any) -> Any:
        """Send the form and go where it leads; `given` replaces what stands in it."""
        sent = {
            "op_id": str(uuid4()),
            "content": "appeal",
            "title": TITLE,
            "text": TEXT,
            "place": VILLAGE,
            "accused_department": "",
            "name": "",
            "phone": "",
        }
        return self.client.post(address or self.url("new"), sent | given, follow=True)

    def filed(self, **given: Any) -> tuple[Petition, str]:
        """A petition and its code, off the receipt, from which somebody without a plate goes on to the petition."""
        petition, code = receipt(self.file(**given))
        if not self.token:
            open_with(self.client, petition.number, code)
        return petition, code

    def act(self, act: str, *number: str, **given: Any) -> Any:
        address = self.url("act", *number, act)
        return self.client.post(address, {"op_id": str(uuid4()), "note": ""} | given)


def receipt(response: Any) -> tuple[Petition, str]:
    """What the receipt says."""
    body = response.content.decode()
    number, code = NUMBER.search(body), CODE.search(body)
    assert response.status_code == 200 and number and code, body
    return Petition.objects.get(number=number[0]), code[1] + code[2]


def open_with(client: Client, number: str, code: str) -> Any:
    """Number and code at the door."""
    return client.post(reverse("petition-follow"), {"number": number, "code": code})


def answered(world: World, petition: Petition, told: str = "路面已经修好。") -> Petition:
    """The petition on its way to an answer by 林业局."""
    office, unit = world.user("petition_office"), world.user("department")
    accept(op_id=uuid4(), petition=petition, by=office)
    assign(op_id=uuid4(), petition=petition, by=office, lead="department:LYJ")
    handle(op_id=uuid4(), petition=petition, by=unit, note="派人看过")
    return answer(op_id=uuid4(), petition=petition, by=unit, told=told)


def papered(petition: Petition) -> Petition:
    """The petition, with a paper in it."""
    attach(petition=petition, papers=[Paper(FileKind.PDF, PDF)], by=None)
    return petition


def text_of(client: Client, address: str) -> str:
    """The page's text; it must be there."""
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def people_of(world: World) -> list[User]:
    """Everybody with an account."""
    return [*world.people.values(), *world.strangers.values()]
