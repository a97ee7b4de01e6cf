"""What many tests have behind them is put back as the acts left it."""

from scoring.models import HouseholdScore, ScoreEvent, Sheet
from tests import copies
from tests.rewards.shop_world import shop_once, standing
from tests.world import MONTH, World


def scores() -> list[tuple[str, object]]:
    return list(HouseholdScore.objects.filter(month=MONTH).order_by("code").values_list("code", "score"))


def test_month_put_back_is_as_it_was_frozen(world: World) -> None:
    world.frozen_once()
    once = scores()
    copies.clear()
    copies.fill()
    world.frozen_once()
    assert len(once) == len(world.households) + 4
    assert scores() == once
    assert set(Sheet.objects.filter(period__month=MONTH).values_list("state", flat=True)) == {"frozen"}


def test_month_in_which_something_happened_is_frozen_with_it(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.frozen_once()
    assert ScoreEvent.objects.count() == 1
    assert dict(scores())[world.household.code] != dict(scores())[world.households[1].code]


def test_shop_put_back_has_its_goods_and_points(world: World) -> None:
    shop_once(world)
    copies.clear()
    copies.fill()
    shop = shop_once(world)
    assert (shop.soap.name, shop.soap_is(), shop.rice.points) == ("洗衣液", (10, 0), 30)
    assert [standing(household)[0] for household in (shop.rich, shop.poor)] == [100, 15]
