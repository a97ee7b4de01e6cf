"""The accused find nothing: every address of the petitions, page and interface, collected from the URLconf itself.

What a list, count, search, board or export shows to whom an accusation is hidden from is byte for byte the same before it was
filed and after it went its whole road. What names one petition answers as for a number that does not exist. A new page is
in this test from its first day; one whose address holds a part that is not known here fails until somebody says what it is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, User
from households.permissions import ROLES
from households.roles import Role
from petitions import urls
from petitions.models import Petition, Reception
from petitions.steps import closing
from tests import copies
from tests.addresses import View, views_of
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.petitions.filers import Filer, open_with, papered
from tests.petitions.receptions.scene import Days
from tests.world import COUNTY, OTHER_TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db

VIEWS = list(views_of([*urls.urlpatterns, *urls.api_urlpatterns]))
# Parts that lead to one petition or to something of it. Addresses without them show lists, boards, forms.
HIDDEN = {"number", "promise"}
# What the other parts stand for, seen from somebody from whom the accusation is hidden.
OPEN = {"act": "confirm", "key": "accept-plain", "seq": "2", "file": "1", "token": "", "reception": ""}
# Asked beside the plain address: what looks for it by word, kind, state, place, page.
LISTS = ("petitions", "api-petitions", "promises", "owned", "days")
QUERIES = ("q=采伐", "content=accusation", f"within={VILLAGE}&state=answered", f"unit={SLJ}", "mine=turn&page=2")
# Figures of the whole county hold accusations, as a figure that says neither about whom nor where; see petitions.board.board.
OF_THE_COUNTY = {"petition-board", "api-petition-board", "petitions-public"}
SECRET = re.compile("采伐证|有人收钱|查过了，退了钱|办证要加钱|再也不许")
ACCUSED = (LYJ, LUOPING, f"division:{VILLAGE}")
NOTHING = "430726-2020-999999"


def walked(**parts: str) -> Iterator[View]:
    """Views whose addresses hold one of the hidden parts, or none."""
    yield from (view for view in VIEWS if bool(HIDDEN & set(view.parts)) is bool(parts))


@dataclass
class Hidden:
    """An accusation against 林业局, 罗坪乡 and its village, handled next door, and what stands beside it."""

    desk: Desk
    samples: dict[str, str]
    household: Filer
    persons: list[User] = field(default_factory=list)

    def url(self, view: View, **instead: str) -> str:
        return view.url(OPEN | self.samples | instead)

    def clients(self) -> dict[User | str, Client]:
        return {user: self.desk.world.client(user) for user in self.persons}


def may_ask(view: View, who: User) -> bool:
    """Whether their role opens the page at all; that others are refused is the walk's business (tests.test_policies)."""
    return view.audience.permission is None or view.audience.permission in ROLES[who.role]


def plain(desk: Desk) -> dict[str, str]:
    """What the persons may see of other petitions, so that no list is empty."""
    days = Days(desk)
    petition = papered(desk.answered(by=desk.world.user(Role.CADRE), way="cadre"))
    desk.assigned(LUOPING)
    reception = days.plan()
    days.put(reception, petition)
    days.promise()
    days.plan(units=(SLJ,), place=OTHER_TOWNSHIP, leader="李二三")
    return {"number": petition.number, "reception": str(reception.pk)}


def accuse(desk: Desk, *accused: str) -> Petition:
    """From its filing to a judgement about its answer, with a paper, a promise and a place on a day's list."""
    days, neighbour = Days(desk), {"by": desk.neighbour}
    petition = papered(desk.accusation(*accused, name="张三丰", household=desk.world.household))
    desk.assign(desk.accept(petition), SLJ)
    desk.handle(petition, **neighbour, note="办证要加钱，属实")
    desk.answer(petition, **neighbour, told="查过了，退了钱。")
    days.promise(petition, promised=days.promised(unit=SLJ, what="再也不许收钱。"))
    days.put(Reception.objects.get(place=OTHER_TOWNSHIP), petition)
    for subject in ("office", "unit"):
        closing.rate(op_id=uuid4(), petition=petition, by=None, subject=subject, score="satisfied")
    return petition


@pytest.fixture
def hidden(world: World) -> Hidden:
    """Everything but the accusation, which each test adds when it has looked around."""
    copies.scene("petitions beside an accusation", lambda: plain(Desk(world)))
    desk, filer = Desk(world), Filer(world.household)
    first = Petition.objects.order_by("pk").first()
    samples = {"number": first.number, "token": filer.token, "reception": str(first.listed.get().reception_id)}
    samples["promise"] = str(Petition.objects.filter(promises__isnull=False).get().promises.get().pk)
    persons = [world.user(role) for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.CADRE, Role.COUNTY_OFFICE)]
    return Hidden(desk, samples, filer, persons)


@pytest.fixture
def accusation(hidden: Hidden) -> Petition:
    return accuse(hidden.desk, *ACCUSED)


FLEETING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|csrf-token" content=")[A-Za-z0-9]+'), "TOKEN"),
    (re.compile(r"D:\d{14}\+08'00'|[0-9a-f]{32}"), "MADE"),
    (re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(\+\d\d:\d\d|Z)?"), "TIME"),
)


def body(answer: Any) -> str:
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = text.decode("utf-8", "replace")
    for pattern, word in FLEETING:
        told = pattern.sub(word, told)
    return f"{answer.status_code} {answer.get('Location', '')} {told}"


def seen(hidden: Hidden, clients: dict[Any, Client], *names: str) -> dict[tuple[str, str, str], str]:
    """Every list, count and form (or those named) that the persons may open, plain and with what could look for it."""
    found = {}
    for view in (view for view in walked() if not names or view.name in names):
        for who, client in clients.items():
            if may_ask(view, who) and view.name not in OF_THE_COUNTY:
                address, queries = (
                    hidden.url(view),
                    QUERIES if view.name in LISTS and who.role == Role.DEPARTMENT else (),
                )
                for query in ("", *queries):
                    found[view.name, who.username, query] = body(client.get(f"{address}?{query}"))
    return found


def test_every_part_of_every_address_is_known() -> None:
    assert [view.name for view in VIEWS if not set(view.parts) <= HIDDEN | set(OPEN)] == []
    assert len([*walked()]) > 15 and len([*walked(number="")]) > 40


def test_lists_are_the_same_before_and_after(hidden: Hidden) -> None:
    clients, number = hidden.clients(), hidden.samples["number"]
    before = seen(hidden, clients)
    assert all(number in before["petitions", who, ""] for who in ("department", "cadre", "county_office"))
    accuse(hidden.desk, *ACCUSED)
    after = seen(hidden, clients)
    assert [key for key in before if before[key] != after[key]] == []
    assert [key for key in after if SECRET.search(after[key])] == []


def test_whoever_may_read_it_sees_them_change(hidden: Hidden) -> None:
    """The twin: the same look by the department that handles it does find differences."""
    eyes = {hidden.desk.neighbour: hidden.desk.world.client(hidden.desk.neighbour)}
    before = seen(hidden, eyes, *LISTS)
    accuse(hidden.desk, *ACCUSED)
    changed = {key[0] for key, text in seen(hidden, eyes, *LISTS).items() if text != before[key]}
    assert {"petitions", "api-petitions", "promises", "days"} <= changed


def test_county_figures_name_neither_case_nor_place(hidden: Hidden, accusation: Petition) -> None:
    client = hidden.desk.world.client(hidden.desk.handler)
    for view in (view for view in VIEWS if view.name in OF_THE_COUNTY):
        told = body(client.get(hidden.url(view)))
        assert told.startswith("200") and not SECRET.search(told) and accusation.number not in told


def asked(hidden: Hidden, view: View, client: Client, **instead: str) -> list[str]:
    """The answers to both ways of asking about one petition, without what was asked for."""
    address, as_json = hidden.url(view, **instead), {"content_type": "application/json"} if view.is_api else {}
    sent = {"op_id": str(uuid4()), "to": "note", "note": "想看看", "told": "x", "seen": 1}
    told = [body(client.get(address)), body(client.post(address, sent, **as_json))]
    return [text.replace(address, "ADDRESS").replace(instead["number"], "NUMBER") for text in told]


def test_accusation_answers_as_a_number_that_does_not_exist(hidden: Hidden, accusation: Petition) -> None:
    reception, file = hidden.samples["reception"], str(accusation.attachments.get().pk)
    there = {"number": accusation.number, "promise": str(accusation.promises.get().pk), "file": file}
    nowhere = {"number": NOTHING, "promise": "999999", "file": "999999"}
    clients, wrong = hidden.clients() | {"household": hidden.household.client}, []
    for view in walked(number=""):
        for who, client in clients.items():
            own = "token" in view.parts
            if (who == "household") is own and (own or may_ask(view, who)):
                told = asked(hidden, view, client, reception=reception, **there)
                same = told == asked(hidden, view, client, reception=reception, **nowhere)
                if not same or any(
                    text[:3] not in ("302", "403", "404", "405") or SECRET.search(text) for text in told
                ):
                    wrong.append((view.name, str(who), told))
    assert wrong == []


def test_reception_with_it_on_its_list_gives_no_trace(hidden: Hidden, accusation: Petition) -> None:
    reception, clients = str(accusation.listed.get().reception_id), hidden.clients()
    for view in (view for view in walked() if "reception" in view.parts):
        for who, client in clients.items():
            if may_ask(view, who):
                told = body(client.get(hidden.url(view, reception=reception)))
                assert not SECRET.search(told) and accusation.number not in told, (view.name, who)


def test_office_that_is_accused_itself_finds_nothing_either(hidden: Hidden) -> None:
    client, office = hidden.desk.world.client(hidden.desk.office), hidden.desk.office
    names = (*LISTS, "petition-erasures", "reception", "reception-package", "petition-file")
    hidden.desk.body()
    before = seen(hidden, {office: client}, *names)
    accusation = hidden.desk.accusation(f"user:{office.username}")
    assert [key for key, text in seen(hidden, {office: client}, *names).items() if text != before[key]] == []
    for name in ("petition", "petition-unmask", "api-petition"):
        assert client.get(reverse(name, args=[accusation.number])).status_code == 404


def test_audit_lines_say_neither_where_nor_whom(hidden: Hidden, accusation: Petition) -> None:
    auditor = hidden.desk.world.client(Role.AUDITOR)
    lines = AuditEvent.objects.filter(subject__contains=accusation.number)
    assert lines.count() >= 6
    assert {line.place for line in lines} == {accusation.county}
    assert not any(re.search(f"{VILLAGE}|LYJ|{SECRET.pattern}|张三丰", f"{line.detail}") for line in lines)
    html = auditor.get(reverse("audit")).content.decode()
    assert accusation.number in html and not SECRET.search(html) and "张三丰" not in html


# Guessing


def door(client: Client, number: str, code: str = "2346789ABC") -> str:
    answer = body(open_with(client, number, code))
    return answer.replace(number, "NUMBER")


def test_stranger_with_the_number_learns_nothing_at_the_door(hidden: Hidden) -> None:
    accusation = hidden.desk.accusation()
    told = {door(Client(), number) for number in (accusation.number, hidden.samples["number"], NOTHING)}
    assert len(told) == 1
    assert told.pop().startswith("404")


def test_door_does_the_same_work_for_every_number(
    hidden: Hidden, django_assert_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal queries and as many digests, so that no clock tells one from the other."""
    from petitions.follow import opening

    accusation, made = hidden.desk.accusation(), []
    digest = opening.digest_of
    monkeypatch.setattr(opening, "digest_of", lambda *given: made.append(given) or digest(*given))
    for number in (accusation.number, NOTHING):
        made.clear()
        with django_assert_num_queries(1):
            door(Client(), number)
        assert len(made) == 1


def test_wrong_codes_are_told_curtly_and_stop_nobody_who_has_the_right_one(hidden: Hidden) -> None:
    filed = hidden.desk.filed()
    guesser, owner = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.2.2.2")
    answers = [open_with(guesser, filed.petition.number, "2222222222").status_code for _ in range(31)]
    assert answers[:30] == [404] * 30 and answers[30] == 429
    assert open_with(guesser, filed.petition.number, filed.code).status_code == 302
    assert open_with(owner, filed.petition.number, filed.code).status_code == 302


def test_numbers_count_on_without_saying_what_for(hidden: Hidden) -> None:
    accusation, later = hidden.desk.accusation(), hidden.desk.file()
    assert int(later.number[-6:]) == int(accusation.number[-6:]) + 1
    assert accusation.number.startswith(f"{COUNTY}-")
