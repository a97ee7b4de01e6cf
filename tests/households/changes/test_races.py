"""Two at once at one household, on two real connections: one wins, the other is told, and the figures stand."""

from datetime import date
from uuid import uuid4

import pytest

from households.changes.actions.carrying import carry_out
from households.changes.checks import checked
from households.models import ChangeKind, Household, HouseholdChange
from households.roles import Role
from rewards.models import Redemption
from scoring.checks.verify import verify
from scoring.models import HouseholdScore
from scoring.rollup.rollup import roll_up
from scoring.sheets.actions.sheets import declare
from tests.households.changes.histories import done, wish
from tests.rewards.shop_world import ShopWorld, build_shop
from tests.together import together
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3
DAY = date(2024, 5, 10)
FIRST = f"{VILLAGE}010001"
K = ChangeKind


def sound() -> bool:
    return verify() == [] and all(line.holds for line in checked(None))


def test_two_splits_seen_from_one_page_make_one_household(transactional_db: None, world: World) -> None:
    cadre, seen = world.user(Role.CADRE), 0
    for number in range(ROUNDS):
        wishes = [wish(K.SPLIT, DAY, FIRST, head_name=name) for name in (f"甲{number}", f"乙{number}")]
        results = together(
            *(lambda one=one, seen=seen: carry_out(op_id=uuid4(), wish=one, by=cadre, seen=seen) for one in wishes)
        )
        assert sorted(map(str, results)) == ["household_moved_on", f"split {FIRST}"]
        seen = HouseholdChange.objects.latest("id").pk
    assert Household.objects.filter(code__startswith=f"{VILLAGE}01").count() == 5 + ROUNDS


def test_split_and_signature_agree_on_who_is_there(transactional_db: None, world: World) -> None:
    """Whichever comes first: the month holds exactly those whom the register says."""
    cadre = world.user(Role.CADRE)
    sheet = world.sheet()
    together(
        lambda: done(cadre, K.CLOSE, DAY, FIRST),
        lambda: declare(sheet=sheet, by=cadre),
    )
    roll_up(MONTH)
    counted = HouseholdScore.objects.filter(month=MONTH, code=FIRST).exists()
    assert counted == Household.objects.get(code=FIRST).is_active(date(2024, 5, 31))
    assert sound()


def test_split_against_freezing_leaves_the_frozen_month_as_it_is(transactional_db: None, world: World) -> None:
    cadre = world.user(Role.CADRE)
    world.declare()
    results = together(
        lambda: done(cadre, K.SPLIT, DAY, FIRST, head_name="张小三"),
        world.freeze,
    )
    assert results[0].counts_from == date(2024, 6, 1)
    assert HouseholdScore.objects.filter(month=MONTH, code__startswith=VILLAGE).count() == 8
    assert sound()


@pytest.fixture
def shop(transactional_db: None, world: World) -> ShopWorld:
    return build_shop(world)


def test_closing_against_a_reservation_never_leaves_one_behind(shop: ShopWorld) -> None:
    results = together(
        lambda: done(shop.cadre, K.CLOSE, DAY, shop.rich.code),
        lambda: shop.reserve(shop.rich),
    )
    gone = Household.objects.get(code=shop.rich.code).valid_to is not None
    assert gone != Redemption.objects.reserved().filter(household=shop.rich).exists()
    assert {"reservations_open", "household_ended"} & set(map(str, results))
    assert sound()


def test_closing_with_release_against_handing_over_takes_one_way(shop: ShopWorld) -> None:
    redemption = shop.reserve(shop.rich, by=shop.cadre)
    results = together(
        lambda: done(shop.cadre, K.CLOSE, DAY, shop.rich.code, release=True),
        lambda: shop.hand_over(redemption),
    )
    redemption.refresh_from_db()
    assert redemption.state in ("handed_over", "voided") and not Redemption.objects.reserved().exists()
    assert sum(isinstance(one, str) for one in results) <= 1
    assert sound()
