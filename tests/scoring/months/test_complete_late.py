"""A township that becomes complete by a change of the register: nobody froze anything, and it has its points all the same."""

from datetime import date

import pytest
from django.core.management import call_command

from households.models import ChangeKind
from households.months import first_day, next_month
from scoring.checks.verify import verify
from scoring.freezing import credit_late, freeze
from scoring.ledger import door as ledger
from scoring.models import DepartmentScore, RankingSnapshot
from scoring.rollup import rollup
from scoring.tasks import advance_county, roll_up_township
from tests.households.changes.histories import done
from tests.scoring.earning import balance
from tests.scoring.facts import record, rolled_up, withdraw
from tests.world import COUNTY, LONG_AFTER, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 10)


def emptied(world: World) -> None:
    """西河村 alone has not signed, and both of its households leave in the month."""
    world.declare(world.village, world.strange)
    world.freeze()
    for number in (1, 2):
        done(None, ChangeKind.CLOSE, DAY, f"{SISTER}01000{number}")


def unscored(department: str) -> int:
    """Weighted households of a department's line that nobody has scored."""
    found = DepartmentScore.objects.get(month=MONTH, department_code=department)
    return found.active - found.households


@pytest.mark.parametrize(
    "follow",
    [
        lambda: roll_up_township(MONTH, TOWNSHIP),
        lambda: call_command("roll_up", MONTH),
        lambda: (rolled_up(), advance_county(COUNTY)),
        lambda: (rolled_up(), freeze(month=MONTH, on=LONG_AFTER)),
    ],
)
def test_township_whose_last_open_village_empties_is_credited(world: World, follow: object) -> None:
    emptied(world)
    before = RankingSnapshot.objects.filter(month=MONTH, level="township").count()
    follow()
    assert (balance(TOWNSHIP), balance("LYJ")) == (100, 100)
    assert unscored("LYJ") == 0
    assert RankingSnapshot.objects.filter(month=MONTH, level="township").count() == before + 1
    assert verify() == []
    assert credit_late(MONTH).snapshots == 0
    assert (balance(TOWNSHIP), balance("LYJ")) == (100, 100)


def test_roll_up_alone_brings_the_department_up_to_date(world: World) -> None:
    emptied(world)
    rolled_up()
    assert unscored("LYJ") == 0


def test_household_joins_a_credited_township_from_the_next_month_on(world: World) -> None:
    emptied(world)
    roll_up_township(MONTH, TOWNSHIP)
    joined = done(None, ChangeKind.ADD, date(2024, 5, 20), "", group=f"{SISTER}01", head_name="新立户")
    assert joined.counts_from == first_day(next_month(MONTH))
    roll_up_township(MONTH, TOWNSHIP)
    assert verify() == []


def test_household_joins_an_emptied_village_as_long_as_nobody_was_credited(world: World) -> None:
    world.declare(world.strange)
    world.freeze()
    for number in (1, 2):
        done(None, ChangeKind.CLOSE, DAY, f"{SISTER}01000{number}")
    joined = done(None, ChangeKind.ADD, date(2024, 5, 20), "", group=f"{SISTER}01", head_name="新立户")
    assert joined.counts_from == date(2024, 5, 20)


def test_what_a_correction_gave_a_township_freezing_gives_it_no_more(world: World) -> None:
    record(*[(STRANGE, "WR12")] * 40)
    world.declare(world.strange)
    world.freeze()
    assert balance(OTHER_TOWNSHIP) == 0
    withdraw(STRANGE)
    rollup.restate(MONTH, STRANGE)
    ledger.restate(MONTH, [STRANGE], key="adjustment:1", text="2024年5月更正")
    assert balance(OTHER_TOWNSHIP) == 100
    world.declare(world.village)
    world.freeze()
    assert balance(OTHER_TOWNSHIP) == 100
    assert [drift for drift in verify() if drift.name == "credits"] == []
