"""What many tests have behind them is put back as the acts left it."""

from households.models import Household
from scoring.models import HouseholdScore, ScoreEvent, Sheet
from tests import copies
from tests.planted import HEADS
from tests.rewards.shop_world import shop_at_once, standing
from tests.world import MONTH, VILLAGE, World


def scores() -> list[tuple[str, object]]:
    return list(HouseholdScore.objects.filter(month=MONTH).order_by("code").values_list("code", "score"))


def test_month_put_back_is_as_it_was_frozen(world: World) -> None:
    world.frozen_at_once()
    once = scores()
    copies.clear()
    copies.fill()
    world.frozen_at_once()
    assert len(once) == len(world.households) + 4
    assert scores() == once
    assert set(Sheet.objects.filter(month=MONTH).values_list("state", flat=True)) == {"frozen"}


def test_month_in_which_something_happened_is_frozen_with_it(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.frozen_at_once()
    assert ScoreEvent.objects.count() == 1
    assert dict(scores())[world.household.code] != dict(scores())[world.households[1].code]


def test_shop_put_back_has_its_goods_and_points(world: World) -> None:
    shop_at_once(world)
    copies.clear()
    copies.fill()
    shop = shop_at_once(world)
    assert (shop.soap.name, shop.soap_is(), shop.rice.points) == ("洗衣液", (10, 0), 30)
    assert [standing(household)[0] for household in (shop.rich, shop.poor)] == [100, 15]


def test_names_that_the_walk_looks_for_are_those_of_the_village(world: World) -> None:
    heads = Household.objects.filter(code__startswith=VILLAGE).values_list("head_name", flat=True)
    assert len(heads) == 8
    assert [head for head in heads if not HEADS.fullmatch(head)] == []
    assert HEADS.search("13800000001") and not HEADS.search("周西河")
