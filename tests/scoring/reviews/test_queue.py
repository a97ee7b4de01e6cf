"""The queue of a month: who waits, who has not declared, what deserves a second look."""

from datetime import UTC, datetime, timedelta

import pytest

from households.roles import Role
from households.scope import Scope
from scoring.reviews.actions.reviewing import return_sheet
from scoring.reviews.queue import HURRIED, VillageTally, flags, next_waiting, queue_of
from scoring.states import SheetState
from tests.world import COUNTY, MONTH, STRANGE, TOWNSHIP, VILLAGE, World

MINE = Scope((TOWNSHIP,))


def names(lines: list) -> list[str]:
    return [line.village.name for line in lines]


def test_queue_puts_villages_with_exceptions_first(world: World) -> None:
    world.record(f"{world.sister.code}010001", "WR02", by=world.user(Role.TOWNSHIP))
    world.declare()
    assert names(queue_of(MONTH, MINE).waiting) == ["西河村", "东山村"]


def test_queue_holds_nothing_of_another_township(world: World) -> None:
    world.record(f"{STRANGE}010001", "WR02", by=world.stranger(Role.CADRE))
    world.declare()
    assert names(queue_of(MONTH, MINE).all) == ["东山村", "西河村"]
    assert sum(line.tally.exceptions for line in queue_of(MONTH, MINE).all) == 0


def test_queue_of_the_county_narrows_to_a_township(world: World) -> None:
    world.declare()
    county = Scope((COUNTY,))
    assert len(queue_of(MONTH, county).waiting) == 3
    assert names(queue_of(MONTH, county, within="430726202").waiting) == ["南坪村"]


def test_queue_of_a_group_leader_is_empty(world: World) -> None:
    world.declare()
    assert queue_of(MONTH, Scope((f"{VILLAGE}01",))).all == []


def test_queue_sorts_by_what_must_be_done(world: World) -> None:
    world.declare(world.village)
    queue = queue_of(MONTH, MINE)
    assert (names(queue.waiting), names(queue.silent), queue.done) == (["东山村"], ["西河村"], [])
    world.approve(world.village)
    queue = queue_of(MONTH, MINE)
    assert (queue.waiting, names(queue.silent), names(queue.done)) == ([], ["西河村"], ["东山村"])
    assert queue.counts() == [(SheetState.OPEN, 1), (SheetState.REVIEWED, 1)]


def test_line_counts_exceptions_households_pending_and_bonuses(world: World) -> None:
    world.record(f"{VILLAGE}010001", "WR02")
    world.record(f"{VILLAGE}010001", "WR10")
    world.record(f"{VILLAGE}010002", "WJ04")
    world.record(f"{VILLAGE}01", "WR13")
    world.declare(world.village)
    tally = queue_of(MONTH, MINE).waiting[0].tally
    assert (tally.exceptions, tally.households, tally.pending, tally.bonuses) == (4, 2, 1, 1)


def test_line_names_who_signed_for_how_many(world: World) -> None:
    world.declare(world.village)
    line = queue_of(MONTH, MINE).waiting[0]
    assert (line.signed_by, line.speaks_for, line.households) == ("县六零办", 8, 8)
    assert line.signed_at is not None


def test_returned_sheet_says_why_it_is_open(world: World) -> None:
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="第 2 组漏录", by=world.user(Role.TOWNSHIP))
    line = next(line for line in queue_of(MONTH, MINE).silent if line.village == world.village)
    assert line.returned
    assert line.last_review is not None
    assert line.last_review.reason == "第 2 组漏录"


def test_sheet_declared_again_is_flagged(world: World) -> None:
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="漏录", by=world.user(Role.TOWNSHIP))
    world.declare(world.village)
    line = queue_of(MONTH, MINE).waiting[0]
    assert not line.returned
    assert "退回后重新申报" in line.flags


def test_many_entries_within_minutes_are_flagged(world: World) -> None:
    for number in range(1, 6):
        world.record(f"{VILLAGE}01000{number}", "WR10")
    world.declare(world.village)
    assert queue_of(MONTH, MINE).waiting[0].flags == ["5 条例外在 5 分钟内录完"]


def test_few_or_slow_entries_are_not_flagged() -> None:
    now = datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert VillageTally(exceptions=5, first=now, last=now + HURRIED).hurried
    assert not VillageTally(exceptions=4, first=now, last=now).hurried
    assert not VillageTally(exceptions=5, first=now, last=now + HURRIED + timedelta(seconds=1)).hurried


def test_flags_tell_no_exception_from_no_bonus() -> None:
    assert flags(VillageTally(), None) == ["全村没有一条例外，也没有加分"]
    assert flags(VillageTally(exceptions=1), None) == ["没有记过加分"]
    assert flags(VillageTally(exceptions=1, bonuses=1), None) == []


def test_decided_sheets_carry_no_flags(world: World) -> None:
    world.declare(world.village)
    world.approve(world.village)
    assert queue_of(MONTH, MINE).done[0].flags == []


def test_next_waiting_follows_the_queue_and_begins_again(world: World) -> None:
    world.declare()
    queue = queue_of(MONTH, Scope((COUNTY,)))
    assert next_waiting(queue, VILLAGE) == world.sister
    assert next_waiting(queue, STRANGE) == world.village
    world.approve(world.sister, world.strange)
    assert next_waiting(queue_of(MONTH, Scope((COUNTY,))), STRANGE) == world.village


def test_next_waiting_is_none_when_all_is_done(world: World) -> None:
    world.declare(world.village)
    world.approve(world.village)
    assert next_waiting(queue_of(MONTH, MINE), VILLAGE) is None


@pytest.mark.parametrize("villages", [1, 3])
def test_queue_takes_seven_queries_however_long(world: World, villages: int, django_assert_num_queries: object) -> None:
    chosen = [world.village, world.sister, world.strange][:villages]
    for village in chosen:
        world.record(village.code + "010001", "WR09", by=world.user(Role.COUNTY_OFFICE))
    world.declare(*chosen)
    with django_assert_num_queries(7):
        queue_of(MONTH, Scope((COUNTY,)))
