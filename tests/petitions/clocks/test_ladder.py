"""Reminders up to a supervision order: on which day each, in which words, and never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.workdays.workdays import is_workday
from petitions.clock_types import ClockKey
from petitions.clocks.ladder import Rung, climbed, reminders
from tests.petitions.clocks.histories import at, clock, line, on

ACCEPT = clock(ClockKey.ACCEPT, line("file", "2024-03-01"))  # due on Saturday 16 March


def test_rungs_fall_on_working_days() -> None:
    days = [each.day for each in reminders(ACCEPT)]
    assert days == [on("2024-03-11"), on("2024-03-15"), on("2024-03-18"), on("2024-03-22")]


def test_rungs_around_spring_festival() -> None:
    found = reminders(clock(ClockKey.ACCEPT, line("file", "2024-01-28")))  # due on 12 February
    assert [str(each.day) for each in found] == ["2024-02-07", "2024-02-09", "2024-02-18", "2024-02-22"]


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        ("2024-03-10T10:00", None),
        ("2024-03-11T08:29", None),
        ("2024-03-11T08:30", Rung.SOON),
        ("2024-03-14T10:00", Rung.SOON),
        ("2024-03-15T10:00", Rung.LAST_DAY),
        ("2024-03-16T10:00", None),  # a Saturday
        ("2024-03-18T10:00", Rung.LATE),
        ("2024-03-21T17:29", Rung.LATE),
        ("2024-03-22T10:00", Rung.SUPERVISE),
        ("2024-03-22T18:00", None),
        ("2024-06-03T10:00", Rung.SUPERVISE),  # after weeks of standing still: the highest alone
    ],
)
def test_the_highest_due_rung_is_climbed_in_working_hours(now: str, rung: Rung | None) -> None:
    found = climbed(ACCEPT, at(now))
    assert (found.rung if found else None) == rung


def test_short_clock_is_reminded_a_day_ahead() -> None:
    found = reminders(clock(ClockKey.REPLY, line("file", "2024-03-01", way="hotline", demand="consult")))
    assert [each.day for each in found][:2] == [on("2024-03-05"), on("2024-03-06")]


def test_paused_and_ended_clocks_are_not_reminded() -> None:
    paused = clock(ClockKey.ACCEPT, line("file", "2024-03-01"), line("pause", "2024-03-05"))
    ended = clock(ClockKey.ACCEPT, line("file", "2024-03-01"), line("accept", "2024-03-05"))
    assert reminders(paused) == reminders(ended) == []


def test_rights_of_filers_are_not_reminded() -> None:
    lines = [line("file", "2024-03-01"), line("accept", "2024-03-05"), line("answer", "2024-03-20")]
    assert reminders(clock(ClockKey.OBJECT, *lines)) == []


def test_same_rung_has_the_same_id_and_words() -> None:
    first, again = climbed(ACCEPT, at("2024-03-22T10:00")), climbed(ACCEPT, at("2024-04-30T10:00"))
    assert first.op_id("430525-2024-000001") == again.op_id("430525-2024-000001")
    assert first.text == again.text
    assert first.op_id("430525-2024-000001") != first.op_id("430525-2024-000002")


def test_new_due_day_starts_the_ladder_anew() -> None:
    lines = [line("file", "2024-03-01"), line("accept", "2024-03-05")]
    plain = clock(ClockKey.HANDLE, *lines)
    extended = clock(ClockKey.HANDLE, *lines, line("extend", "2024-04-20", days=10))
    ids = {each.op_id("n") for each in (*reminders(plain), *reminders(extended))}
    assert len(ids) == 8


def test_each_rung_has_its_name_and_its_words() -> None:
    due = "2024年3月16日（周六）"
    assert [(each.rung.label, each.text) for each in reminders(ACCEPT)] == [
        ("到期前提醒", f"“登记受理”将在{due}到期，请抓紧办理。"),
        ("到期日提醒", f"“登记受理”在{due}到期，请在期限内办完。"),
        ("超期催办", f"“登记受理”已在{due}到期，请立即办理并说明原因。"),
        ("超期督办", f"“登记受理”在{due}到期后 5 个工作日仍未办完，现予督办，请立即办理并书面说明原因。"),
    ]


def test_supervised_from_the_fifth_working_day() -> None:
    assert [each.day for each in reminders(ACCEPT) if each.rung is Rung.SUPERVISE] == [on("2024-03-22")]


@given(st.dates(on("2005-01-01"), on("2030-12-31")))
def test_rungs_climb_in_order_on_working_days(day):
    found = reminders(clock(ClockKey.ACCEPT, line("file", day.isoformat())))
    assert [each.day for each in found] == sorted(each.day for each in found)
    assert all(is_workday(each.day) for each in found)
