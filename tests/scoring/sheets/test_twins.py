"""One fact is recorded once, through whichever door it comes; who means it a second time says so."""

from collections.abc import Callable
from datetime import date

import pytest

from households.imports.problems import ImportReport
from households.models import Operation
from households.roles import Role
from scoring.models import ScoreEvent
from scoring.sheets.events_import import import_events
from tests.scoring.points.asking import add, asker, withdraw
from tests.world import DAY, VILLAGE, World

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
CLAUSE, NUMBER = "FA04", "石林〔2024〕12号"  # demands a document
SPELT = "石林（２０２４） 12 号"

Door = Callable[..., str]  # what came of it: applied, or the reason


def load(*rows: str, again: bool = False) -> ImportReport:
    data = "\n".join(["household_code,date,clause_code,document_no,note", *rows]).encode()
    return import_events(name="e.csv", data=data, today=date(2024, 6, 1), again=again)


def row(code: str, document: str) -> str:
    return f"{code},{DAY},{CLAUSE},{document},{document}"


def by_interface(world: World, document: str, *, again: bool = False) -> str:
    sent = add(FIRST, CLAUSE, document_no=document, again=again)
    result = asker(world, Role.COUNTY_OFFICE).result(sent)
    return "applied" if result["status"] == "applied" else str(result["reason"])


def by_file(world: World, document: str, *, again: bool = False) -> str:
    report = load(row(FIRST, document), again=again)
    return "applied" if report.written else report.errors[0].sentence


@pytest.mark.parametrize("first", [by_interface, by_file])
@pytest.mark.parametrize("second", [by_interface, by_file])
def test_twin_is_named_at_every_door_however_its_document_is_spelt(world: World, first: Door, second: Door) -> None:
    assert first(world, NUMBER) == "applied"
    standing = ScoreEvent.objects.get()
    reason = second(world, SPELT)
    assert f"已经登记过同一天的这一条（编号 {standing.pk}，文书号 {NUMBER}），没有重复登记" in reason
    assert ScoreEvent.objects.count() == 1
    assert second(world, SPELT, again=True) == "applied"
    assert ScoreEvent.objects.count() == 2


@pytest.mark.parametrize("door", [by_interface, by_file])
def test_another_document_of_the_same_day_is_no_twin(world: World, door: Door) -> None:
    assert [door(world, NUMBER), door(world, "石林〔2024〕13号")] == ["applied", "applied"]


def test_twin_in_one_batch_is_told_the_number_of_the_first(world: World) -> None:
    first, second, other = asker(world, Role.CADRE).results(add(FIRST), add(FIRST), add(SECOND))
    assert (first["status"], second["status"], other["status"]) == ("applied", "conflict", "applied")
    assert (second["code"], second["event"]) == ("twin", first["event"])
    assert ScoreEvent.objects.count() == 2


def test_withdrawn_event_has_no_twin_not_even_in_the_batch_that_withdraws_it(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST)
    assert [one["status"] for one in cadre.results(withdraw(number), add(FIRST))] == ["applied", "applied"]


def test_conflict_sent_again_stays_what_it_was(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(FIRST)
    sent = add(FIRST)
    assert [cadre.status(sent), cadre.status(sent)] == ["conflict", "conflict"]
    assert Operation.objects.count() == 2


def test_flag_that_is_none_is_refused(world: World) -> None:
    result = asker(world, Role.CADRE).result(add(FIRST, again="yes"))
    assert (result["status"], result["code"]) == ("refused", "again_unreadable")


def test_file_names_the_line_of_a_twin_and_writes_nothing(world: World) -> None:
    report = load(row(FIRST, NUMBER), row(SECOND, NUMBER), row(FIRST, SPELT))
    assert [(error.line, "与第 2 行是同一件事" in error.sentence) for error in report.errors] == [(4, True)]
    assert not ScoreEvent.objects.exists()
