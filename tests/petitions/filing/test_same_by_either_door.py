"""Petitions taken in together leave the rows that filing them one by one leaves, whatever they are."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from households.imports.problems import ImportReport
from households.models import AuditEvent, Household, Operation, OutboxMessage, PostMessage, User
from petitions.clocks.deadlines import drifts
from petitions.filing.actions import filing_many
from petitions.filing.actions.filing import file
from petitions.filing.actions.filing_many import ListedFiling, file_many
from petitions.filing.asked import Filing
from petitions.filing.lists import COLUMNS, import_petitions
from petitions.models import Case, Petition
from petitions.search.indexing import wrong_words
from petitions.tallies.rows import miscounts
from tests.days import today
from tests.petitions.desk import LYJ, Desk
from tests.world import TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
OWN_TIMES = {AuditEvent: {"at", "mac"}, Operation: {"at"}, PostMessage: {"at"}, OutboxMessage: {"at"}}
HOTLINE = {"channel": "net", "way": "hotline"}
Rows = dict[str, list[tuple[object, ...]]]


def mixed(desk: Desk) -> list[ListedFiling]:
    """Every channel, two years, signs that mean something to COPY, accusations, a joined case, a household."""
    earlier = desk.file()
    asked: list[dict[str, Any]] = [
        HOTLINE | {"external_no": "SY-1", "name": "张三丰", "phone": "13800000001", "demand": "consult"},
        HOTLINE | {"external_no": "SY\\N-2", "text": "一\t二\n三\\四\r\n五", "title": "路灯 \\N"},
        {"channel": "net", "way": "rednet", "external_no": "H-7", "external_link": "https://people.rednet.cn/\\7"},
        {"channel": "net", "way": "mailbox", "external_no": "M-1", "content": "suggestion", "title": "（已清除）"},
        {"channel": "enterprise", "way": "enterprise", "enterprise": "洞口第二水泵厂", "phone": "0739-7221234"},
        {"channel": "people", "way": "visit", "people": 7, "kind": "repeat", "case": earlier.case},
        {"channel": "people", "way": "letter", "content": "accusation", "accused": (LYJ, f"division:{TOWNSHIP}")},
        {"channel": "people", "way": "page", "household": Household.objects.order_by("code")[0]},
        HOTLINE | {"external_no": "SY-1B", "place": TOWNSHIP, "text": "ＡＢＣ １２３ Üü 𠮷"},
    ]
    said = {"content": "appeal", "place": VILLAGE, "title": "停水三天", "text": "一组停水三天，没有人管。"}
    return [
        ListedFiling(uuid5(NAMESPACE_URL, f"same {n}"), Filing(**(said | one)), _long_ago(n))
        for n, one in enumerate(asked)
    ]


def _long_ago(number: int) -> datetime:
    return timezone.now().replace(microsecond=123) - timedelta(days=150 * (number % 5) + 1)


def left(act: Callable[[], object]) -> Rows:
    """The rows of every table that knows of petitions, as `act` leaves them; taken back again."""
    with transaction.atomic():
        act()
        assert not [*drifts(), *miscounts(), *wrong_words()]
        found = {model.__name__: sorted(map(str, _rows(model))) for model in _models()}
        transaction.set_rollback(True)
    return found


def _models() -> Iterator[type[models.Model]]:
    yield from apps.get_app_config("petitions").get_models()
    yield from OWN_TIMES


def _rows(model: type[models.Model]) -> Iterator[tuple[object, ...]]:
    """Opened where they lie sealed; keys by the order in which they were given."""
    turns = {one: _turns(one) for one in (Petition, Case)}
    for row in model.objects.order_by("pk"):
        if isinstance(row, AuditEvent) and row.action == "petition.import":
            continue
        yield tuple(_told(row, field, turns) for field in _fields(model))


def _fields(model: type[models.Model]) -> list[Any]:
    left_out = OWN_TIMES.get(model, set()) | ({"id"} if model not in (Petition, Case) else set())
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def _told(row: models.Model, field: Any, turns: dict[type[models.Model], dict[int, int]]) -> object:
    value = getattr(row, field.attname)
    of = field.related_model or (type(row) if field.primary_key else None)
    if isinstance(row, Operation) and field.name == "answer" and "petition" in value:
        return {**value, "petition": turns[Petition][value["petition"]]}
    return turns[of].get(value) if of in turns else value


def _turns(model: type[models.Model]) -> dict[int, int]:
    return {pk: turn for turn, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True))}


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing_many, "AT_ONCE", 4)


def one_by_one(wanted: list[ListedFiling], by: User | None) -> None:
    for one in wanted:
        file(op_id=one.op_id, filing=one.filing, by=by, at=one.at)


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("by_office", [True, False])
def test_many_leave_what_one_by_one_leaves(desk: Desk, by_office: bool) -> None:
    desk.body()
    by = desk.office if by_office else None
    wanted = mixed(desk)
    alone = left(lambda: one_by_one(wanted, by))
    assert len(alone["Petition"]) == len(wanted) + 1 and len(alone["Accused"]) == 2
    assert left(lambda: file_many(wanted, by=by)) == alone


def test_each_holds_what_was_asked(desk: Desk) -> None:
    """Both doors write by the same statements: what they write is held against what was asked."""
    desk.body()
    wanted = mixed(desk)
    assert file_many(wanted, by=desk.office) == []
    for one, petition in zip(wanted, Petition.objects.order_by("pk")[1:], strict=True):
        asked = {**vars(one.filing), "place_id": one.filing.place, "text": one.filing.text.strip()}
        asked |= {"filer_name": asked.pop("name"), "filer_phone": asked.pop("phone"), "filed_at": one.at}
        accused = [unit for unit in asked.pop("accused") if unit]
        asked["case"] = asked["case"] or petition.case
        del asked["place"]
        assert {name: getattr(petition, name) for name in asked} == asked
        assert petition.accused.count() == len(accused) and petition.filed_by == desk.office
        assert (petition.case.opened_at == one.at) == (one.filing.case is None)
        [event] = petition.events.all()
        assert (event.seq, event.kind, event.at, event.by, event.role) == (
            1,
            "file",
            one.at,
            desk.office,
            desk.office.role,
        )
        assert (event.state, petition.state, petition.seq) == ("filed", "filed", 1)


def load(desk: Desk, *lines: str) -> ImportReport:
    data = "\n".join([",".join(COLUMNS), *lines]).encode()
    return import_petitions(name="list.csv", data=data, by=desk.office)


def line(number: str, *, text: str = "路灯坏了两个月", way: str = "12345", place: str = VILLAGE, days: int = 1) -> str:
    return f"{way},{number},{today() - timedelta(days=days)},{place},路灯不亮,{text},王某,13800002222,投诉,"


@pytest.mark.usefixtures("few_at_once")
def test_file_leaves_what_its_lines_leave_one_by_one(desk: Desk) -> None:
    load(desk, line("SY-1", days=9), line("SY-2", days=9))
    lines = [
        line("SY-1", text="又坏了"),
        *(line(f"SY-{n}", days=n) for n in range(3, 9)),
        line("sy－2"),
        line("R-1", way="红网"),
    ]
    together = left(lambda: load(desk, *lines))
    assert len(together["Petition"]) == 2 + 7 and len(together["PetitionEvent"]) == 2 + 7 + 1
    assert together == left(lambda: [load(desk, one) for one in lines])


@pytest.mark.usefixtures("few_at_once")
def test_every_fault_is_told_by_its_line_and_nothing_is_left(desk: Desk) -> None:
    before = left(lambda: None)
    lines = [line("SY-1", place="没有村"), *(line(f"SY-{n}") for n in range(2, 9)), line("SY-9", text=""), line("SY-3")]
    report = load(desk, *lines)
    assert [(one.line, one.column) for one in report.errors] == [
        (2, "division_code"),
        (10, "text"),
        (11, "external_no"),
    ]
    assert report.refused and left(lambda: None) == before
