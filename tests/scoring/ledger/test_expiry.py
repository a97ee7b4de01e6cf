"""Points that lapse: what, when, of whom; said 60 and 14 days before, and never twice."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import AuditEvent
from households.refusals import Refused
from scoring import tasks
from scoring.ledger import door as ledger
from scoring.ledger import expiry, lots
from scoring.models import PointEntry, PointNotice
from tests.audit_failure import audit_down
from tests.scoring.earning import assert_sound, earn, entries_of, figures
from tests.world import COUNTY, OTHER_TOWNSHIP, STRANGE, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
HOME = ledger.household(f"{VILLAGE}010001")
GROUP = ledger.division(f"{VILLAGE}01")
THIS = timezone.localdate().year
NEW_YEAR = date(THIS + 1, 1, 1)
OLD = THIS - 1  # lapses at the end of this year


def lapse(on: date = NEW_YEAR, place: str = TOWNSHIP) -> int:
    """Their owners were told in December."""
    expiry.remind(place, on=date(on.year - 1, 12, 11))
    return expiry.lapse(place, on=on)


def test_points_are_good_to_the_end_of_the_next_year() -> None:
    earn(HOME, 10, year=OLD)
    assert lapse(date(THIS, 12, 31)) == 0
    assert lapse() == 1
    assert figures(HOME) == (0, 0, 0)
    entry = PointEntry.objects.get(kind="expiry")
    assert (entry.amount, entry.month, entry.year) == (-10, "", None)
    assert entry.text == f"{OLD}年及以前获得的积分，有效期到{THIS}年12月31日，已到期"


def test_points_of_the_next_year_stay() -> None:
    earn(HOME, 10, year=OLD)
    earn(HOME, 7, year=THIS)
    lapse()
    assert figures(HOME) == (7, 0, 0)


def test_single_point_of_the_next_year_stays() -> None:
    earn(HOME, 10, year=OLD)
    earn(HOME, 1, year=THIS)
    lapse()
    assert figures(HOME) == (1, 0, 0)


def test_what_was_spent_was_the_oldest() -> None:
    earn(HOME, 10, year=OLD)
    earn(HOME, 7, year=THIS)
    ledger.spend_now(HOME, 8, key="sale:1", text="兑换")
    lapse()
    assert figures(HOME) == (7, 0, 0)
    assert entries_of(HOME)[-1] == ("expiry", -2, 0, 0)


def test_old_points_that_came_after_a_spend_are_not_taken_for_spent() -> None:
    earn(HOME, 10, year=THIS)
    ledger.spend_now(HOME, 8, key="sale:1", text="兑换")
    earn(HOME, 5, year=OLD)
    lapse()
    assert figures(HOME) == (2, 0, 0)


def test_what_is_held_stays_until_it_is_released() -> None:
    earn(HOME, 10, year=OLD)
    ledger.hold(HOME, 4, key="order:1", text="预留")
    assert lapse() == 1
    assert figures(HOME) == (4, 4, 0)
    assert lapse(date(THIS + 1, 1, 2)) == 0
    ledger.release(HOME, key="order:1", text="取消")
    assert lapse(date(THIS + 1, 1, 2)) == 1
    assert figures(HOME) == (0, 0, 0)


def test_what_is_held_of_old_points_may_still_be_spent() -> None:
    earn(HOME, 10, year=OLD)
    ledger.hold(HOME, 4, key="order:1", text="预留")
    lapse()
    assert ledger.spend(HOME, key="order:1", text="领取")
    assert lapse(date(THIS + 1, 1, 2)) == 0


def test_repeated_it_writes_nothing() -> None:
    earn(HOME, 10, year=OLD)
    assert lapse() == 1
    assert lapse() == 0
    assert lapse(date(THIS + 1, 2, 1)) == 0


def test_released_and_repeated_the_same_day_waits_for_the_next() -> None:
    earn(HOME, 10, year=OLD)
    ledger.hold(HOME, 4, key="order:1", text="预留")
    lapse()
    ledger.release(HOME, key="order:1", text="取消")
    assert lapse() == 0
    assert lapse(date(THIS + 1, 1, 2)) == 1


def test_account_of_the_township_itself_waits_for_the_next_day_too() -> None:
    own = ledger.division(TOWNSHIP)
    earn(own, 10, year=OLD)
    ledger.hold(own, 4, key="order:1", text="预留")
    assert lapse() == 1
    ledger.release(own, key="order:1", text="取消")
    assert lapse() == 0
    assert lapse(date(THIS + 1, 1, 2)) == 1


@pytest.mark.parametrize(
    ("owner", "place", "kind"), [(HOME, TOWNSHIP, "place"), (ledger.department("LYJ"), "department", "department")]
)
def test_entry_is_named_by_year_day_and_owner(owner: ledger.Owner, place: str, kind: str) -> None:
    earn(owner, 10, year=OLD)
    assert lapse(place=place) == 1
    assert PointEntry.objects.get(kind="expiry").source_key == f"expiry:{OLD}:{NEW_YEAR}:{kind}:{owner.code}"


def test_several_years_late_all_that_lapsed_goes() -> None:
    earn(HOME, 3, year=OLD)
    earn(HOME, 5, year=THIS)
    earn(HOME, 7, year=THIS + 1)
    assert lapse(date(THIS + 2, 3, 1)) == 1
    assert figures(HOME) == (7, 0, 0)


def test_every_kind_of_owner_loses_what_is_old() -> None:
    owners = [HOME, GROUP, ledger.division(VILLAGE), ledger.division(TOWNSHIP)]
    for owner in [*owners, ledger.division(COUNTY), ledger.department("LYJ")]:
        earn(owner, 10, year=OLD)
    assert expiry.places() == [COUNTY, TOWNSHIP, "department"]
    assert [lapse(place=place) for place in expiry.places()] == [1, 4, 1]
    assert all(figures(owner) == (0, 0, 0) for owner in owners)


def test_neighbouring_township_is_left_alone() -> None:
    strange = ledger.household(f"{STRANGE}010001")
    earn(strange, 10, year=OLD)
    assert lapse() == 0
    assert figures(strange) == (10, 0, 0)
    assert lapse(place=OTHER_TOWNSHIP) == 1


def test_nothing_to_lapse_locks_nobody() -> None:
    earn(HOME, 10, year=THIS)
    with transaction.atomic():
        assert lapse() == 0
    assert not AuditEvent.objects.exists()


def test_lapsing_is_in_the_audit_log() -> None:
    earn(HOME, 10, year=OLD)
    lapse()
    line = AuditEvent.objects.get(action="points.lapse")
    assert (line.place, line.subject, line.detail) == (TOWNSHIP, str(OLD), {"accounts": 1})


def test_failed_audit_leaves_everything_as_it_was() -> None:
    earn(HOME, 10, year=OLD)
    with audit_down():
        lapse()
    assert figures(HOME) == (10, 0, 0)


def test_points_given_back_after_they_lapsed_count_as_earned_then() -> None:
    earn(HOME, 10, year=THIS - 2)
    ledger.spend_now(HOME, 10, key="sale:1", text="兑换")
    ledger.give_back(HOME, 10, key="sale:1", text="退货")
    assert lapse(timezone.localdate()) == 0
    assert PointEntry.objects.get(kind="reversal").year == THIS


def test_points_given_back_while_good_come_back_to_their_years() -> None:
    earn(HOME, 6, year=OLD)
    earn(HOME, 6, year=THIS)
    ledger.spend_now(HOME, 8, key="sale:1", text="兑换")
    ledger.give_back(HOME, 8, key="sale:1", text="退货")
    assert list(PointEntry.objects.filter(kind="reversal").values_list("year", "amount").order_by("seq")) == [
        (THIS, 2),
        (OLD, 6),
    ]
    lapse()
    assert figures(HOME) == (6, 0, 0)


@pytest.mark.parametrize(
    ("day", "told"),
    [((10, 31), []), ((11, 1), [60]), ((12, 16), [60]), ((12, 17), [14]), ((12, 31), [14])],
)
def test_notice_is_given_so_many_days_before(day: tuple[int, int], told: list[int]) -> None:
    earn(HOME, 10, year=OLD)
    earn(HOME, 5, year=THIS)
    assert expiry.remind(TOWNSHIP, on=date(THIS, *day)) == len(told)
    assert list(PointNotice.objects.values_list("year", "days", "amount")) == [(OLD, days, 10) for days in told]


def test_notice_is_given_once() -> None:
    earn(HOME, 10, year=OLD)
    assert expiry.remind(TOWNSHIP, on=date(THIS, 11, 5)) == 1
    assert expiry.remind(TOWNSHIP, on=date(THIS, 11, 6)) == 0
    assert expiry.remind(TOWNSHIP, on=date(THIS, 12, 20)) == 1


def test_notice_counts_what_would_lapse() -> None:
    earn(HOME, 10, year=OLD)
    ledger.hold(HOME, 4, key="order:1", text="预留")
    expiry.remind(TOWNSHIP, on=date(THIS, 12, 20))
    assert PointNotice.objects.get().amount == 6


def test_nobody_is_told_of_points_that_stay_good() -> None:
    earn(HOME, 10, year=THIS)
    assert expiry.remind(TOWNSHIP, on=date(THIS, 12, 20)) == 0


def test_days_of_notice_are_a_setting(settings: object) -> None:
    settings.POINT_NOTICE_DAYS = [3]
    earn(HOME, 10, year=OLD)
    assert expiry.remind(TOWNSHIP, on=date(THIS, 12, 20)) == 0
    assert expiry.remind(TOWNSHIP, on=date(THIS, 12, 28)) == 1


def test_task_does_both_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    earn(HOME, 10, year=OLD)
    monkeypatch.setattr(timezone, "localdate", lambda: date(THIS, 12, 17))
    tasks.lapse_points_of(TOWNSHIP)
    assert PointNotice.objects.count() == 1
    monkeypatch.setattr(timezone, "localdate", lambda: NEW_YEAR)
    tasks.lapse_points_of(TOWNSHIP)
    assert figures(HOME) == (0, 0, 0)


def test_nothing_lapses_that_nobody_was_told_of() -> None:
    """The system stood still from autumn to the new year: the notice is given now, and its time runs from now."""
    earn(HOME, 10, year=OLD)
    days = expiry.notice_days()
    assert expiry.lapse(TOWNSHIP, on=NEW_YEAR) == 0
    assert expiry.remind(TOWNSHIP, on=NEW_YEAR) == 1
    assert expiry.remind(TOWNSHIP, on=NEW_YEAR + timedelta(days=1)) == 0
    assert expiry.lapse(TOWNSHIP, on=NEW_YEAR + timedelta(days=days - 1)) == 0
    assert expiry.good_until(OLD, NEW_YEAR) == NEW_YEAR + timedelta(days=days - 1)
    assert expiry.lapse(TOWNSHIP, on=NEW_YEAR + timedelta(days=days)) == 1
    assert figures(HOME) == (0, 0, 0)


def test_notice_of_the_last_days_of_a_year_still_runs_its_time() -> None:
    earn(HOME, 10, year=OLD)
    expiry.remind(TOWNSHIP, on=date(THIS, 12, 28))
    assert expiry.lapse(TOWNSHIP, on=NEW_YEAR) == 0
    assert expiry.lapse(TOWNSHIP, on=date(THIS + 1, 1, 11)) == 1


def test_what_would_lapse_is_counted_whoever_was_told() -> None:
    earn(HOME, 10, year=OLD)
    earn(GROUP, 5, year=OLD)
    assert expiry.lapsing(date(THIS, 12, 31)) == (0, 0)
    assert expiry.lapsing(NEW_YEAR) == (2, 15)


ACTS = st.one_of(
    st.tuples(st.sampled_from(["earn"]), st.integers(1, 12), st.integers(THIS - 3, THIS)),
    st.tuples(st.sampled_from(["spend", "hold", "record"]), st.integers(1, 15), st.just(0)),
)


def do(number: int, act: str, points: int, year: int) -> None:
    if act == "earn":
        earn(HOME, points, year=year)
    elif act == "record":
        ledger.record_spent(HOME, points, key=f"k:{number}", text="断网时兑换")
    elif act == "spend":
        ledger.spend_now(HOME, points, key=f"k:{number}", text="兑换")
    else:
        ledger.hold(HOME, points, key=f"k:{number}", text="预留")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=10), later=st.integers(0, 3))
def test_what_lapses_is_what_the_lots_say(db: None, acts: list[tuple[str, int, int]], later: int) -> None:
    on = date(THIS + later, 1, 1)
    with transaction.atomic():
        for number, act in enumerate(acts):
            try:
                do(number, *act)
            except Refused:
                continue
        balance, held, _ = figures(HOME)
        moves = PointEntry.objects.order_by("seq").values_list("amount", "year")
        left = lots.lots_of(lots.Movement(*move) for move in moves).left
        lapse(on)
        assert balance - figures(HOME)[0] == lots.lapsing(left, held, lots.last_lapsed(on))
        assert_sound()
        transaction.set_rollback(True)
