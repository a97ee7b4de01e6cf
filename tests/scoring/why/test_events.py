"""Events as an explanation shows them."""

from datetime import date

import pytest

from households.roles import Role
from scoring.models import Indicator, ScoreEvent
from scoring.readers import Reader
from scoring.rules import Kind
from scoring.sheets.events_import import import_events
from scoring.states import EventState
from scoring.why.events import WITHHELD, event_line, facts_of, lamps_of, recorded
from scoring.why.hands import IMPORTED, person
from tests.world import MONTH, VILLAGE, World

HOUSEHOLD = f"{VILLAGE}010001"


@pytest.fixture
def indicators(world: World) -> list[Indicator]:
    return list(Indicator.objects.filter(scheme__code="2023").order_by("position"))


def line(world: World, event: ScoreEvent, role: str = Role.CADRE) -> object:
    event = ScoreEvent.objects.select_related("clause__indicator", "recorded_by", "confirmed_by").get(pk=event.pk)
    return event_line(event, event.clause.indicator, Reader(world.user(role)))


def test_recorded_event_tells_everything(world: World) -> None:
    shown = line(world, world.record(HOUSEHOLD, "WR02"))
    assert (shown.clause, shown.indicator, shown.kind, shown.amount) == ("WR02", "零污染", Kind.DEDUCT, -5)
    assert (shown.state, shown.withheld) == (EventState.CONFIRMED, False)
    assert shown.recorded_by == shown.confirmed_by == "村干部甲（村干部）"


def test_event_after_a_reminder_names_the_last_one_before(world: World, indicators: list[Indicator]) -> None:
    world.record(HOUSEHOLD, "WR01", day=date(2024, 4, 8))
    last = world.record(HOUSEHOLD, "WR01", day=date(2024, 5, 2))
    world.record(HOUSEHOLD, "SG01", day=date(2024, 5, 3))  # of another zero
    fined = world.record(HOUSEHOLD, "WR02", day=date(2024, 5, 9))
    world.record(HOUSEHOLD, "WR01", day=date(2024, 5, 12))
    lines = recorded(MONTH, HOUSEHOLD, indicators, Reader(world.user(Role.CADRE))).lines
    assert {pk: line.reminder for pk, line in lines.items() if line.reminder} == {fined.pk: last}
    page = world.client(Role.CADRE).get(f"/why/{MONTH}/{HOUSEHOLD}/").content.decode()
    assert f'此前的提醒：<a href="/why/{MONTH}/{HOUSEHOLD}/">2024-05-02</a>' in page


def test_event_that_waits_has_no_second_person_yet(world: World) -> None:
    shown = line(world, world.record(HOUSEHOLD, "WJ04"))
    assert (shown.state, shown.confirmed_by) == (EventState.PENDING, "")


def test_imported_event_is_the_county_offices(world: World) -> None:
    data = f"household_code,date,clause_code,document_no,note\n{HOUSEHOLD},2024-05-08,WR02,,路边\n"
    report = import_events(name="events.csv", data=data.encode(), today=date(2024, 6, 1))
    assert report.written, report.errors
    shown = line(world, ScoreEvent.objects.get())
    assert (shown.recorded_by, shown.confirmed_by, shown.note) == (IMPORTED, IMPORTED, "路边")
    assert person(None) == IMPORTED


@pytest.mark.parametrize(("clause", "document"), [("FF01", "甲1号"), ("FF06", ""), ("FF08", "")])
def test_every_petition_entry_is_withheld_whatever_its_kind(world: World, clause: str, document: str) -> None:
    event = world.record(HOUSEHOLD, clause, by=world.user(Role.PETITION_OFFICE), document_no=document)
    hidden, whole = line(world, event), line(world, event, Role.PETITION_OFFICE)
    assert (hidden.text, hidden.clause, hidden.recorded_by) == (WITHHELD, "", "")
    assert (hidden.amount, hidden.kind) == (whole.amount, whole.kind)
    assert (whole.clause, whole.withheld) == (clause, False)


def test_events_stand_in_the_order_of_the_sum(world: World, indicators: list[Indicator]) -> None:
    for clause, day in (("SG03", 3), ("WR02", 9), ("WR02", 2), ("WJ01", 5)):
        world.record(HOUSEHOLD, clause, day=date(2024, 5, day))
    found = recorded(MONTH, HOUSEHOLD, indicators, Reader(world.user(Role.CADRE)))
    assert [(each.clause, each.date.day) for each in found.counted_lines] == [
        ("WJ01", 5),
        ("WR02", 2),
        ("WR02", 9),
        ("SG03", 3),
    ]


def test_counted_and_others_part_everything_recorded(world: World, indicators: list[Indicator]) -> None:
    for clause in ("WR02", "WJ04"):
        world.record(HOUSEHOLD, clause)
    found = recorded(MONTH, HOUSEHOLD, indicators, Reader(world.user(Role.CADRE)))
    assert [each.clause for each in found.counted_lines] == ["WR02"]
    assert [each.clause for each in found.other_lines] == ["WJ04"]
    assert [fact.key for fact in facts_of(found.counted, indicators)] == [found.counted[0].pk]


def test_other_households_events_are_not_among_them(world: World, indicators: list[Indicator]) -> None:
    world.record(f"{VILLAGE}010002", "WR02")
    assert recorded(MONTH, HOUSEHOLD, indicators, Reader(world.user(Role.CADRE))).events == []


@pytest.mark.parametrize(
    ("broken", "reminded", "states"),
    [
        (None, frozenset(), ["grey"] * 6),
        (frozenset(), frozenset(), ["kept"] * 6),
        (
            frozenset({"pollution"}),
            frozenset({"pollution", "crime"}),
            ["kept", "broken", "kept", "reminded", "kept", "kept"],
        ),
    ],
)
def test_lamps_say_what_was_kept(
    indicators: list[Indicator], broken: frozenset[str] | None, reminded: frozenset[str], states: list[str]
) -> None:
    lamps = lamps_of(indicators, broken, reminded)
    assert [lamp.state for lamp in lamps] == states
    assert "".join(lamp.label for lamp in lamps) == "建污访案纪事"
