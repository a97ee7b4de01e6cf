"""Two at once at one village's points: the head of the chain makes them take turns. Each guard has a twin without it."""

import pytest
from django.db import IntegrityError, transaction

from households.refusals import Refused
from scoring.checks.verify import verify
from scoring.freezing import freeze
from scoring.ledger import actions as door
from scoring.ledger import chains, expiry
from scoring.ledger import door as ledger
from scoring.models import LedgerHead, PointEntry
from scoring.rollup import rollup
from tests.scoring.earning import earn, entries_of, figures
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import LONG_AFTER, MONTH, SISTER, TOWNSHIP, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
HOME, NEIGHBOUR = ledger.household(f"{VILLAGE}010001"), ledger.household(f"{VILLAGE}010002")
WAITING = "积分不够：要用 20 分，现在可用 10 分（已预留 20 分）。"


@pytest.fixture
def rich() -> None:
    with transaction.atomic():
        ledger.adjust(HOME, 30, key="start:1", text="期初")
        ledger.adjust(NEIGHBOUR, 30, key="start:2", text="期初")


def hold(key: str, points: int = 20, owner: ledger.Owner = HOME) -> bool:
    with transaction.atomic():
        return ledger.hold(owner, points, key=key, text="预留")


def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads are looked at but not locked."""
    monkeypatch.setattr(door, "_OPEN_POSTING", door._OPEN_POSTING.replace("FOR UPDATE", ""))
    monkeypatch.setattr(chains, "_LOCK", chains._LOCK.replace("FOR UPDATE", ""))


def test_two_holds_at_once_the_second_is_told(rich: None) -> None:
    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        second = OtherSession(lambda: hold("order:2"))
        until(lambda: held_up(second))
    with pytest.raises(Refused) as refused:
        second.finish()
    assert refused.value.reason == WAITING
    assert figures(HOME) == (30, 20, 0)
    assert verify() == []


def test_two_holds_without_the_lock_fork_the_chain(rich: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the second believes in points that are gone, and only the database's own guards are left."""
    no_locks(monkeypatch)
    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        second = OtherSession(lambda: hold("order:2"))
        until(lambda: held_up(second))
    with pytest.raises(IntegrityError, match="entry_one_per_link"):
        second.finish()
    assert figures(HOME) == (30, 20, 0)


def test_two_holds_without_lock_and_chain_are_stopped_by_the_account(
    rich: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin's twin: even with a fork in the chain, nobody holds more than they have."""
    from households.sql import run

    no_locks(monkeypatch)
    run("DROP INDEX entry_one_per_link")
    try:
        with transaction.atomic():
            ledger.hold(HOME, 20, key="order:1", text="预留")
            second = OtherSession(lambda: hold("order:2"))
            until(lambda: held_up(second))
        with pytest.raises(IntegrityError, match="account_holds_what_it_has"):
            second.finish()
    finally:
        run("CREATE UNIQUE INDEX entry_one_per_link ON scoring_pointentry (chain, seq)")


def test_same_request_twice_at_once_holds_once(rich: None) -> None:
    with transaction.atomic():
        assert ledger.hold(HOME, 20, key="order:1", text="预留")
        second = OtherSession(lambda: hold("order:1"))
        until(lambda: held_up(second))
    assert second.finish() is False
    assert figures(HOME) == (30, 20, 0)


def test_neighbours_take_turns_and_stay_on_one_chain(rich: None) -> None:
    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        second = OtherSession(lambda: hold("order:2", owner=NEIGHBOUR))
        until(lambda: held_up(second))
    assert second.finish() is True
    assert list(PointEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert verify() == []


def test_another_village_waits_for_nobody(rich: None) -> None:
    stranger = ledger.household(f"{SISTER}010001")
    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")

        def adjust() -> bool:
            with transaction.atomic():
                return ledger.adjust(stranger, 5, key="more", text="补记")

        assert OtherSession(adjust).finish() is True


def test_chain_begun_by_two_at_once_has_one_beginning() -> None:
    def adjust(owner: ledger.Owner) -> bool:
        with transaction.atomic():
            return ledger.adjust(owner, 5, key=f"start:{owner.code}", text="期初")

    with transaction.atomic():
        ledger.adjust(HOME, 5, key="start", text="期初")
        second = OtherSession(lambda: adjust(NEIGHBOUR))
        until(lambda: held_up(second))
    assert second.finish() is True
    assert LedgerHead.objects.get().seq == 2
    assert verify() == []


def test_spend_that_was_called_off_leaves_the_chain_whole(rich: None) -> None:
    class CalledOff(Exception):
        pass

    with pytest.raises(CalledOff), transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        second = OtherSession(lambda: hold("order:2"))
        until(lambda: held_up(second))
        raise CalledOff
    assert second.finish() is True
    assert verify() == []


@pytest.fixture
def declared() -> World:
    world = build()
    world.declare()
    return world


def freeze_all() -> int:
    return freeze(month=MONTH, on=LONG_AFTER, force=True).entries


def test_credit_waits_for_a_hold_and_counts_from_there(declared: World, rich: None) -> None:
    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        freezer = OtherSession(freeze_all)
        until(lambda: held_up(freezer))
    freezer.finish()
    assert figures(HOME) == (40, 20, 0)
    assert verify() == []


def test_hold_waits_for_a_credit_and_may_use_it(declared: World) -> None:
    rollup.roll_up(MONTH)
    with transaction.atomic():
        ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
        holder = OtherSession(lambda: hold("order:1", points=10))
        until(lambda: held_up(holder))
    assert holder.finish() is True
    assert figures(HOME) == (10, 10, 0)


def test_credit_that_locks_nobody_forks_the_chain(declared: World, rich: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: freezing numbers its entries from a head that a hold has moved on meanwhile."""
    rollup.roll_up(MONTH)
    monkeypatch.setattr(chains, "_LOCK", chains._LOCK.replace("FOR UPDATE", ""))

    def credit() -> int:
        with transaction.atomic():
            return ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])

    with transaction.atomic():
        ledger.hold(HOME, 20, key="order:1", text="预留")
        session = OtherSession(credit)
        until(lambda: held_up(session))
    with pytest.raises(IntegrityError, match="entry_one_per_link"):
        session.finish()


def test_points_spent_while_they_lapse_lapse_once(rich: None) -> None:
    from datetime import date

    from django.utils import timezone

    year = timezone.localdate().year
    old = ledger.household(f"{VILLAGE}010003")
    with transaction.atomic():
        earn(old, 10, year=year - 2)
        expiry.remind(TOWNSHIP, on=date(year, 5, 1))
    with transaction.atomic():
        ledger.spend_now(old, 10, key="sale:1", text="兑换")
        lapser = OtherSession(lambda: expiry.lapse(TOWNSHIP, on=date(year, 6, 1)))
        until(lambda: held_up(lapser))
    assert lapser.finish() == 0
    assert entries_of(old)[-1][0] == "spend"
    assert verify() == []


def test_restatement_and_spend_at_once_never_take_more_than_there_is(declared: World) -> None:
    from scoring.models import HouseholdScore

    freeze_all()
    HouseholdScore.objects.filter(month=MONTH, code=HOME.code).update(broken=1)

    def restate() -> int:
        with transaction.atomic():
            return ledger.restate(MONTH, [VILLAGE], key="adjustment:1", text="更正")

    with transaction.atomic():
        ledger.spend_now(HOME, 6, key="sale:1", text="兑换")
        session = OtherSession(restate)
        until(lambda: held_up(session))
    assert session.finish() == 1
    assert figures(HOME) == (0, 0, 6)
