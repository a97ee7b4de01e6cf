"""What of shops, projects and awards waits for whom, with its number and its way there."""

import pytest
from django.urls import reverse
from django.utils import timezone

from households.house.waiting import worked_out
from households.models import User
from households.roles import Role
from households.sql import counted
from rewards.awards.engine import Band
from rewards.house.waiting import waiting
from rewards.models import AwardKind
from rewards.shop.actions.stocktakes import Count, enter_counts, open_stocktake, sign_stocktake
from tests.colleagues import second
from tests.rewards.awards.scene import BY_GOAL, TEN_THOUSAND, awarded, fund_scene, funded
from tests.rewards.projects.village_works import accepted, approved, asked, chosen, end_now, finished, listed
from tests.rewards.shop_world import ShopWorld
from tests.world import MONTH, VILLAGE, World

SHOP = f"/shop/{VILLAGE}"


def told(user: User) -> list[tuple[int, str, str]]:
    return [(one.number, one.what, one.url) for one in worked_out(waiting(user, timezone.localdate()))]


def test_reservations_wait_for_the_cadre_alone(shop: ShopWorld) -> None:
    shop.reserve()
    shop.reserve(shop.rich)
    assert told(shop.cadre) == [(2, "笔预订等来领", f"{SHOP}/redemptions/?state=reserved")]
    assert told(shop.supervisor) == told(shop.world.user(Role.GROUP_LEADER)) == []
    assert told(shop.world.stranger(Role.CADRE)) == []


def test_flagged_redemptions_of_the_month_wait_for_the_village(shop: ShopWorld) -> None:
    shop.offline(shop.offline_op())
    month = f"{timezone.localdate():%Y-%m}"
    line = (1, "笔兑换要核对", f"{SHOP}/redemptions/?flagged=on&month={month}")
    assert told(shop.cadre) == told(shop.supervisor) == [line]


def test_stocktake_waits_for_the_counter_then_for_the_witness(shop: ShopWorld) -> None:
    take = open_stocktake(shop=shop.shop, by=shop.cadre)
    address = f"{SHOP}/stocktakes/{take.pk}/"
    assert told(shop.cadre) == [(1, "次盘点没有点完", address)]
    assert told(shop.supervisor) == []
    counts = {line.item_id: Count(line.expected) for line in take.lines.all()}
    sign_stocktake(stocktake=enter_counts(stocktake=take, counts=counts, by=shop.cadre), by=shop.cadre)
    assert told(shop.supervisor) == [(1, "次盘点等您签字", address)]
    assert told(shop.cadre) == []


def test_chosen_project_waits_for_its_approval(world: World) -> None:
    chosen(world)
    line = (1, "个项目等立项", "/projects/?state=chosen")
    assert told(world.user(Role.TOWNSHIP)) == told(world.user(Role.COUNTY_OFFICE)) == [line]
    assert told(world.user(Role.CADRE)) == told(world.stranger(Role.TOWNSHIP)) == []


def test_approved_project_waits_for_its_beginning(world: World) -> None:
    approved(world)
    assert told(world.user(Role.CADRE)) == [(1, "个项目已立项，等开工", "/projects/?state=approved")]


def test_finished_project_waits_for_those_who_accept_it(world: World) -> None:
    finished(world)
    line = (1, "个项目完工，等您验收", "/projects/?state=building")
    assert told(world.user(Role.SUPERVISOR)) == told(world.user(Role.TOWNSHIP)) == [line]


def test_accepted_project_waits_for_the_last_payment(world: World) -> None:
    accepted(world)
    assert told(world.user(Role.COUNTY_OFFICE)) == [(1, "个项目已验收，等付清决算", "/projects/?state=accepted")]
    assert told(world.user(Role.SUPERVISOR)) == []


def test_running_choice_is_named_and_then_waits_to_be_told(world: World) -> None:
    ballot = asked(world, listed(world))
    address = f"/projects/choice/{ballot.pk}/"
    assert told(world.user(Role.CADRE)) == told(world.user(Role.SUPERVISOR)) == [(1, "次群众选择正在进行", address)]
    end_now(ballot)
    assert told(world.user(Role.CADRE)) == [(1, "次群众选择已经截止，等您公布", address)]
    assert told(world.user(Role.SUPERVISOR)) == []


@pytest.mark.django_db
def test_run_waits_for_the_second_key() -> None:
    scene = fund_scene()
    scene.rule()
    run = scene.preview()
    assert told(scene.first) == []
    assert told(scene.second) == [(1, "次奖励测算等您用第二把钥匙确认", f"/funds/runs/{run.pk}/")]
    scene.confirm(run)
    assert told(scene.second) == []


def test_review_of_suspended_awards_waits_for_the_second_key(world: World) -> None:
    world.frozen_month(MONTH)
    numbers = awarded(world)
    review = (1, "份奖励复核决定等您确认", reverse("award-review", args=[numbers["run"]]))
    assert review in told(User.objects.get(username=second(Role.COUNTY_OFFICE)))
    assert review not in told(world.user(Role.COUNTY_OFFICE))


def test_inbox_of_the_office_takes_ten_queries_also_once_awards_stand(world: World) -> None:
    """One run is confirmed, another one waits for the second key."""
    world.frozen_month(MONTH)
    scene = funded(world)
    scene.rule(bands=[Band(1, 3, TEN_THOUSAND)])
    scene.confirm(scene.preview(first=MONTH, last=MONTH))
    scene.rule(BY_GOAL)
    scene.preview(AwardKind.GOAL, MONTH, MONTH)
    client = world.client(scene.second)
    client.get("/inbox/")
    with counted() as sent:
        page = client.get("/inbox/").content.decode()
    assert "次奖励测算等您用第二把钥匙确认" in page
    assert len(sent) <= 10
