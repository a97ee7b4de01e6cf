"""Freezing while others work, twice at once, and killed half-way: nothing is lost and nothing is credited twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Count, F, Sum

from households.models import AuditEvent
from households.months import next_month, previous_month
from households.roles import Role
from households.sql import run
from scoring import freezing
from scoring.freezing import freeze
from scoring.ledger import door as ledger
from scoring.ledger import earnings, posting
from scoring.models import Account, PointEntry, RankingSnapshot, Sheet
from scoring.rankings.snapshots import LEVELS
from scoring.rollup import rollup
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.ops import Status
from scoring.states import SheetState
from tests.scoring.facts import line
from tests.scoring.months.calendar_moves import calendar_moves
from tests.scoring.sessions_at_once import OtherSession, gate, gated, held_up, kill, somebody_waits
from tests.together import together
from tests.waiting import until
from tests.world import DAY, LONG_AFTER, MONTH, OTHER_TOWNSHIP, SISTER, TOWNSHIP, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = f"{VILLAGE}010001"
EVERY_ENTRY = 12 + 4 + 3 + 2 + 2  # households, groups, villages, townships, departments


@pytest.fixture
def declared() -> World:
    world = build()
    world.declare()
    return world


def freeze_all() -> freezing.Frozen:
    return freeze(month=MONTH, on=LONG_AFTER, force=True)


def frozen() -> set[str]:
    return set(Sheet.objects.filter(period=MONTH, state=SheetState.FROZEN).values_list("village_id", flat=True))


def assert_all_credited_once() -> None:
    assert PointEntry.objects.count() == EVERY_ENTRY
    twice = PointEntry.objects.values("account").annotate(times=Count("id")).filter(times__gt=1)
    assert not twice.exists()
    wrong = Account.objects.annotate(entered=Sum("entries__amount")).exclude(balance=F("entered"))
    assert not wrong.exists()


def test_frozen_by_two_at_once_credits_once(declared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earnings, "_HOUSEHOLDS", gated(earnings._HOUSEHOLDS))
    with gate() as open_gate:
        first = OtherSession(freeze_all, at_gate=True)
        somebody_waits()
        second = OtherSession(freeze_all)
        until(lambda: held_up(second))
        open_gate()
        done = [first.finish(), second.finish()]
    assert sum(one.villages for one in done) == 3
    assert sum(one.entries for one in done) == EVERY_ENTRY
    assert_all_credited_once()
    assert RankingSnapshot.objects.filter(month=MONTH).count() == len(LEVELS)


def test_credits_written_twice_are_refused_by_the_source_key(declared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without looking at what is there already, only the database's own guard is left."""
    freeze_all()
    monkeypatch.setattr(posting, "_POST", posting._POST.replace("WHERE e.id IS NULL", ""))
    with pytest.raises(IntegrityError, match="source_key"), transaction.atomic():
        ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])


@pytest.mark.parametrize(("statement", "townships"), [("_HOUSEHOLDS", 0), ("_DIVISIONS", 0), ("_DEPARTMENTS", 2)])
def test_freezing_killed_half_way_goes_on_where_it_stopped(
    declared: World, monkeypatch: pytest.MonkeyPatch, statement: str, townships: int
) -> None:
    monkeypatch.setattr(earnings, statement, gated(getattr(earnings, statement)))
    with gate():
        victim = OtherSession(freeze_all, at_gate=True)
        somebody_waits()
        kill(victim)
    assert isinstance(victim.trouble, OperationalError)
    assert len({village[:9] for village in frozen()}) == townships
    freeze_all()
    assert len(frozen()) == 3
    assert_all_credited_once()
    assert RankingSnapshot.objects.filter(month=MONTH).count() == len(LEVELS)


def test_freezing_killed_between_townships_keeps_the_first(declared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    only_there = f"(SELECT CASE WHEN %(low)s = '{OTHER_TOWNSHIP}' AND"
    monkeypatch.setattr(earnings, "_HOUSEHOLDS", gated(earnings._HOUSEHOLDS).replace("(SELECT CASE WHEN", only_there))
    with gate():
        victim = OtherSession(freeze_all, at_gate=True)
        somebody_waits()
        kill(victim)
    assert frozen() == {VILLAGE, SISTER}
    assert freeze_all().villages == 1
    assert_all_credited_once()
    assert line(TOWNSHIP).total == 1000


def test_county_left_unfinished_is_finished_by_the_calendar(declared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earnings, "_DEPARTMENTS", gated(earnings._DEPARTMENTS))
    with gate():
        victim = OtherSession(freeze_all, at_gate=True)
        somebody_waits()
        kill(victim)
    assert not RankingSnapshot.objects.exists()
    rollup.roll_up_marked()
    calendar_moves()
    assert_all_credited_once()


def test_entry_that_comes_while_freezing_is_told_so(declared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = {"op_id": str(uuid4()), "type": "add", "household": FIRST, "clause": "WR02", "date": DAY.isoformat()}
    cadre = declared.user(Role.CADRE)
    monkeypatch.setattr(earnings, "_HOUSEHOLDS", gated(earnings._HOUSEHOLDS))
    with gate() as open_gate:
        freezer = OtherSession(freeze_all, at_gate=True)
        somebody_waits()
        writer = OtherSession(
            lambda: apply_ops(month=MONTH, village=declared.village, raws=[raw], base_version=None, by=cadre)
        )
        until(lambda: held_up(writer))
        open_gate()
        freezer.finish()
        [outcome] = writer.finish().outcomes
    assert outcome.status is Status.REFUSED
    assert line(VILLAGE).total == 800


def test_account_opened_by_somebody_else_meanwhile_is_still_credited(declared: World) -> None:
    rollup.roll_up(MONTH)
    with transaction.atomic():
        run(
            "INSERT INTO scoring_account (owner_kind, owner, balance, held, owed) VALUES ('household', %(c)s, 0, 0, 0)",
            {"c": FIRST},
        )
        freezer = OtherSession(freeze_all)
        until(lambda: held_up(freezer))
    freezer.finish()
    assert Account.objects.get(owner=FIRST).balance == 10
    assert_all_credited_once()


def test_two_beats_at_once_move_each_village_once(declared: World) -> None:
    declared.approve()
    together(calendar_moves, calendar_moves)
    assert AuditEvent.objects.filter(action="sheet.post").count() == 3
    assert set(Sheet.objects.values_list("state", "version")) == {(SheetState.POSTED, 3)}
    Sheet.objects.update(posted_at=F("posted_at") - timedelta(days=60))
    together(calendar_moves, calendar_moves)
    assert AuditEvent.objects.filter(action="sheet.freeze").count() == 3
    assert_all_credited_once()


def test_beat_after_months_of_silence_posts_first_and_freezes_when_the_days_are_over(declared: World) -> None:
    """Everything stood still, also the notice: what nobody could read was not posted."""
    months = [previous_month(MONTH), MONTH, next_month(MONTH)]
    for month in (months[0], months[2]):
        declared.declare(month=month)
    for month in months:
        declared.approve(month=month)
    for _round in range(2):
        calendar_moves()
    states = Sheet.objects.filter(period__in=months).values_list("state", flat=True)
    assert list(states) == [SheetState.POSTED] * 9
    assert not PointEntry.objects.exists()
    Sheet.objects.update(posted_at=F("posted_at") - timedelta(days=60))
    for _round in range(2):
        calendar_moves()
    assert set(states.all()) == {SheetState.FROZEN}
    assert PointEntry.objects.count() == 3 * EVERY_ENTRY
    assert AuditEvent.objects.filter(action="sheet.freeze").count() == 9
    assert RankingSnapshot.objects.count() == 3 * len(LEVELS)
