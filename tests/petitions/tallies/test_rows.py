"""The rows that the board sums are those that each history gives: after every step, however random, and counted anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.roles import Role
from petitions.models import AnswerRow, ClockRun, Petition
from petitions.tallies.rows import miscounts, recount
from tests.petitions.desk import LYJ, Desk
from tests.petitions.steps.random_steps import LIKELY, MOVES, step
from tests.world import World

pytestmark = pytest.mark.django_db


def spoil(table: str, change: str) -> None:
    """Change rows behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


@given(between=st.lists(st.lists(MOVES, max_size=2), min_size=7, max_size=7))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_of_random_histories_are_those_of_their_clocks(world: World, between: list[list[Any]]) -> None:
    desk = Desk(world)
    other, petition = desk.file(way="hotline", channel="net"), desk.file()
    for (name, actor), disturbances in zip(LIKELY, between, strict=True):
        step(desk, petition, (name, actor, LYJ, 9), other)
        for move in disturbances:
            step(desk, petition, move, other)
            step(desk, other, move, petition)
    assert list(miscounts()) == []


def test_filing_starts_the_clock_of_acceptance(desk: Desk) -> None:
    desk.file()
    run = ClockRun.objects.get()
    assert (run.key, run.round, run.ended, run.lead) == ("accept", 1, None, "")
    assert run.outcome_on == run.start + timedelta(days=16)


def test_hotline_has_a_clock_of_its_own(desk: Desk) -> None:
    desk.file(way="hotline", channel="net")
    assert set(ClockRun.objects.values_list("key", flat=True)) == {"accept", "reply"}


def test_answer_ends_the_clock_for_the_unit_that_led(desk: Desk) -> None:
    petition = desk.answered()
    run = ClockRun.objects.get(petition=petition, key="handle")
    assert (run.ended_by, run.lead, run.on_time) == ("answer", LYJ, True)
    assert AnswerRow.objects.get().lead == LYJ


def test_closed_petition_has_its_days(desk: Desk) -> None:
    desk.closed()
    row = AnswerRow.objects.get()
    assert row.confirmed_on and row.closed_on and not row.reopened_on and not row.reviewed_on


def test_step_that_changes_nothing_writes_no_row(desk: Desk) -> None:
    petition = desk.assigned()
    before = list(ClockRun.objects.order_by("pk").values())
    step(desk, petition, ("note", Role.PETITION_OFFICE, LYJ, 0), petition)
    assert list(ClockRun.objects.order_by("pk").values()) == before


def test_miscount_names_the_petition_and_what_differs(desk: Desk) -> None:
    petition = desk.answered()
    desk.file()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_clockrun SET lead = '' WHERE key = 'handle'")
    [found] = miscounts()
    assert found.number == petition.number
    assert found.expected != found.found


@pytest.mark.parametrize(
    ("table", "change"),
    [("petitions_clockrun", "outcome_on = '2020-01-01', on_time = false"), ("petitions_answerrow", "lead = ''")],
)
def test_recounting_puts_rows_right(desk: Desk, table: str, change: str) -> None:
    desk.answered()
    spoil(table, change)
    assert list(miscounts())
    assert recount() == Petition.objects.count()
    assert list(miscounts()) == []


def test_changed_limit_is_reported_and_then_counted(desk: Desk, settings: Any) -> None:
    desk.accepted(way="hotline", channel="net")
    settings.PETITION_HOTLINE_DAYS = {"consult": 1, "complaint": 2}
    assert list(miscounts())
    recount()
    assert list(miscounts()) == []


def test_verify_names_a_miscounted_petition(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    petition = desk.answered()
    call_command("verify_petitions")
    assert "正常" in capsys.readouterr().out
    spoil("petitions_answerrow", "lead = ''")
    with pytest.raises(SystemExit):
        call_command("verify_petitions")
    assert petition.number in capsys.readouterr().out


def test_command_counts_anew(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.answered()
    spoil("petitions_answerrow", "lead = ''")
    call_command("recount_petitions")
    assert "1 件" in capsys.readouterr().out
    assert list(miscounts()) == []


@pytest.mark.parametrize("table", ["petitions_clockrun", "petitions_answerrow", "petitions_publication"])
@pytest.mark.parametrize("act", ["DELETE FROM", "TRUNCATE"])
def test_rows_are_never_taken_away(desk: Desk, table: str, act: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{act} {table}")


@pytest.mark.parametrize(
    "change",
    [
        "key = 'object'",
        "ended = NULL",
        "ended_by = ''",
        "on_time = true, outcome_on = ended + 1",
        "on_time = true, due = ended - 1",
    ],
)
def test_row_that_contradicts_itself_is_refused(desk: Desk, change: str) -> None:
    desk.accepted()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE petitions_clockrun SET {change} WHERE key = 'accept'")


def test_clock_of_a_petition_stands_once(desk: Desk) -> None:
    run = ClockRun.objects.filter(petition=desk.file()).get()
    run.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        run.save(force_insert=True)


def test_unknown_argument_of_the_command_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("recount_petitions", "--nonsense")


def test_rows_written_at_once_are_those_written_step_by_step(desk: Desk) -> None:
    for _ in range(3):
        desk.closed()
    before = list(ClockRun.objects.order_by("pk").values())
    recount()
    assert list(ClockRun.objects.order_by("pk").values()) == before
    assert AnswerRow.objects.filter(answered_on__lte=timezone.localdate()).count() == 3
