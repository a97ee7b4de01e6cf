"""Posting and freezing: by the calendar, by force, again, and what each leaves behind."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from households.models import AuditEvent, Household, Linkage
from scoring.checks.verify import verify
from scoring.freezing import Frozen, freeze, post
from scoring.models import Account, Mark, PointEntry, RankingSnapshot, Sheet
from scoring.rankings.publication import published_counties
from scoring.rankings.snapshots import LEVELS, counties_behind
from scoring.rollup import rollup
from scoring.states import SheetState
from tests.scoring.earning import balance
from tests.scoring.facts import line, record, rolled_up, sums
from tests.world import COUNTY, LONG_AFTER, MONTH, OTHER_TOWNSHIP, SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST = f"{VILLAGE}010001"
POST_FROM, FREEZE_ON = date(2024, 6, 4), date(2024, 6, 12)


def states() -> dict[str, str]:
    return dict(Sheet.objects.filter(period=MONTH).values_list("village_id", "state"))


@pytest.fixture
def reviewed(world: World) -> World:
    world.declare()
    world.approve()
    return world


@pytest.fixture
def posted(reviewed: World) -> World:
    post(month=MONTH, on=POST_FROM)
    at = datetime(2024, 6, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    Sheet.objects.filter(period=MONTH).update(posted_at=at)
    return reviewed


def test_posting_waits_for_its_day(reviewed: World) -> None:
    assert post(month=MONTH, on=date(2024, 6, 3)) == 0
    assert set(states().values()) == {SheetState.REVIEWED}


def test_posting_takes_reviewed_sheets_only(world: World) -> None:
    world.declare()
    world.approve(world.village)
    assert post(month=MONTH, on=POST_FROM) == 1
    assert states()[VILLAGE] == SheetState.POSTED
    assert states()[SISTER] == SheetState.DECLARED


def test_posting_twice_posts_once(reviewed: World) -> None:
    assert post(month=MONTH, on=POST_FROM) == 3
    assert post(month=MONTH, on=POST_FROM) == 0
    assert AuditEvent.objects.filter(action="sheet.post").count() == 3


def test_freezing_waits_for_posting_and_objection_days(posted: World) -> None:
    assert freeze(month=MONTH, on=date(2024, 6, 11)) == Frozen()
    assert freeze(month=MONTH, on=FREEZE_ON).villages == 3
    assert set(states().values()) == {SheetState.FROZEN}


def test_sheet_posted_late_is_shown_just_as_long(posted: World) -> None:
    late = datetime(2024, 6, 7, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    Sheet.objects.filter(village=SISTER).update(posted_at=late)
    assert freeze(month=MONTH, on=FREEZE_ON).villages == 2
    assert freeze(month=MONTH, on=date(2024, 6, 16)) == Frozen()  # the 15th would be a Saturday
    assert freeze(month=MONTH, on=date(2024, 6, 17)).villages == 1


def test_declared_sheet_is_frozen_by_force_only(world: World) -> None:
    world.declare()
    assert freeze(month=MONTH, on=LONG_AFTER) == Frozen()
    assert freeze(month=MONTH, on=LONG_AFTER, force=True).villages == 3


def test_undeclared_village_stays_open_and_is_frozen_later(world: World) -> None:
    world.declare(world.village)
    world.freeze()
    assert states() == {VILLAGE: SheetState.FROZEN}
    world.declare(world.sister, world.strange)
    world.freeze()
    assert set(states().values()) == {SheetState.FROZEN}
    assert RankingSnapshot.objects.filter(month=MONTH, level="village").count() == 2


def test_freezing_computes_what_was_marked_only_a_moment_ago(world: World) -> None:
    world.declare()
    rolled_up()
    record((FIRST, "WR04"))
    world.freeze()
    assert sums(COUNTY) == (12, 12, 1190)
    assert not Mark.objects.filter(month=MONTH).exists()


def test_freezing_a_month_never_rolled_up_computes_all_of_it(world: World) -> None:
    world.declare()
    world.freeze()
    assert line(COUNTY).total == 1200


def test_freezing_twice_credits_and_keeps_once(world: World) -> None:
    world.declare()
    first = freeze(month=MONTH, on=LONG_AFTER, force=True)
    assert first == Frozen(villages=3, entries=12 + 4 + 3 + 2 + 2, snapshots=len(LEVELS))
    assert freeze(month=MONTH, on=LONG_AFTER, force=True) == Frozen()
    assert PointEntry.objects.count() == first.entries


def test_household_earns_ten_for_six_zeros_plus_its_bonus(world: World) -> None:
    record((FIRST, "FA10"), (f"{VILLAGE}010002", "WR04"), (f"{VILLAGE}010003", "WR04"), (f"{VILLAGE}010003", "WJ10"))
    world.frozen_month()
    assert [balance(f"{VILLAGE}01000{n}") for n in (1, 2, 3, 4)] == [15, 0, 5, 10]


def test_divisions_and_departments_earn_their_result_halves_up(world: World) -> None:
    record((f"{SISTER}010001", "SG04"), (f"{SISTER}010002", "SG03"))
    world.frozen_month()
    assert line(SISTER).total == 193
    assert (balance(SISTER), balance(f"{SISTER}01")) == (97, 97)
    assert balance(TOWNSHIP) == 99  # 993 / 10
    assert balance("LYJ") == 100  # (1600 + 193) / 18 = 99.61


def test_county_earns_nothing(world: World) -> None:
    world.frozen_once()
    assert not Account.objects.filter(owner=COUNTY).exists()


def test_deductions_never_lower_a_balance(world: World) -> None:
    world.frozen_month("2024-04")
    record((FIRST, "WR07"), (FIRST, "WJ05"))
    world.frozen_month()
    assert balance(FIRST) == 10


def test_result_below_zero_earns_nothing(world: World) -> None:
    record(*[(SISTER, "WR12")] * 40)
    world.frozen_month()
    assert line(SISTER).total == 2 * (100 - 120)
    assert balance(SISTER) == 0


def test_township_earns_once_all_its_villages_are_frozen(world: World) -> None:
    world.declare(world.village, world.strange)
    world.freeze()
    assert (balance(TOWNSHIP), balance(OTHER_TOWNSHIP)) == (0, 100)
    world.declare(world.sister)
    world.freeze()
    assert balance(TOWNSHIP) == 100


def test_department_earns_once_all_its_villages_are_frozen(world: World) -> None:
    world.declare(world.village, world.strange)
    world.freeze()
    assert (balance("LYJ"), balance("SLJ")) == (0, 100)
    world.declare(world.sister)
    world.freeze()
    assert balance("LYJ") == 100


def test_village_nobody_has_computed_yet_keeps_its_department_waiting(world: World) -> None:
    Linkage.objects.create(department_id="LYJ", division=world.strange, from_month="2023-01")
    world.declare(world.village, world.sister)
    world.freeze()
    assert (balance(TOWNSHIP), balance("LYJ")) == (100, 0)
    world.declare(world.strange)
    world.freeze()
    assert balance("LYJ") == 100
    assert verify() == []


def test_township_with_a_household_nobody_signed_for_earns_nothing(world: World) -> None:
    world.declare()
    Household.objects.create(code=f"{SISTER}010003", group_id=f"{SISTER}01", head_name="后来户")
    rollup.roll_up(MONTH, full=True)
    world.freeze()
    assert sums(TOWNSHIP) == (11, 10, 1000)
    assert (balance(SISTER), balance(TOWNSHIP), balance("LYJ"), balance("SLJ")) == (100, 0, 0, 100)
    assert verify() == []


def test_months_add_up_in_the_balance(world: World) -> None:
    world.frozen_month("2024-04")
    world.frozen_month()
    assert balance(FIRST) == 20
    assert PointEntry.objects.filter(account__owner=FIRST).values_list("month", flat=True).count() == 2


def test_county_is_behind_until_its_rankings_are_kept(world: World) -> None:
    world.declare()
    Sheet.objects.filter(village=VILLAGE).update(state=SheetState.FROZEN, frozen_at=timezone.now())
    assert counties_behind(MONTH) == [COUNTY]
    world.freeze()
    assert counties_behind(MONTH) == []


@pytest.mark.parametrize("hours", [-48, 48])
def test_freezing_finishes_whatever_a_host_took_for_the_time(world: World, hours: int) -> None:
    """One host's clock was wrong, and it fell silent before the county was finished; another host goes on."""
    world.declare()
    world.freeze()
    wrong = timezone.now() + timedelta(hours=hours)
    Sheet.objects.filter(village=VILLAGE).update(frozen_at=wrong, archived_in=None)
    done = freeze(month=MONTH, on=LONG_AFTER, force=True)
    assert (done.villages, done.snapshots) == (0, len(LEVELS))
    assert freeze(month=MONTH, on=LONG_AFTER, force=True).snapshots == 0
    assert set(Sheet.objects.filter(period=MONTH).values_list("archived_in", flat=True)) == {1, 2}
    assert verify() == []


def test_ranking_is_public_whatever_a_host_took_for_the_time(world: World) -> None:
    world.frozen_once()
    Sheet.objects.filter(village=VILLAGE).update(frozen_at=timezone.now() + timedelta(days=2))
    assert published_counties(MONTH) == [COUNTY]


def test_every_frozen_village_is_audited(world: World) -> None:
    world.declare()
    world.freeze()
    frozen = AuditEvent.objects.filter(action="sheet.freeze")
    assert set(frozen.values_list("place", flat=True)) == set(states())
    assert all(event.detail == {"forced": True, "posted": False} for event in frozen)
