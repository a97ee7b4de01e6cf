"""The household's own page: the score and why, never full marks for nothing, the months before, the third of the group."""

import gzip
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from households.models import Household
from households.months import last_day, previous_month
from households.roles import Role
from scoring.freezing import post
from scoring.ledger.owners import household, state_of
from scoring.models import HouseholdScore
from scoring.rollup.rollup import roll_up
from scoring.sheets.actions.sheets import apply_ops
from scoring.states import SheetState
from scoring.villager import page as villager
from scoring.villager.views import plate as plate_view
from tests.days import first_of_month, this_month, today
from tests.plates import own_plate
from tests.rewards.shop_world import build_shop
from tests.world import VILLAGE, World

ONE = f"{VILLAGE}010001"


class Door:
    """A browser in which the household's page is open."""

    def __init__(self, household: Household) -> None:
        self.plate, pin = own_plate(household)
        self.client = Client()
        self.client.post(self.address, {"pin": pin})

    @property
    def address(self) -> str:
        return reverse("plate", args=[self.plate.token])

    def text(self, month: str = "") -> str:
        answer = self.client.get(self.address, {"month": month} if month else {})
        assert answer.status_code == 200
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return re.sub(r"\s+", " ", text)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world.household)


def lamps(text: str) -> list[str]:
    return re.findall(r'<li class="zero-(\w+)"', text)


def test_undeclared_month_has_no_score(world: World, door: Door) -> None:
    world.record(ONE, "WR09", day=first_of_month())
    text = door.text()
    assert '<p class="big"><b>未申报</b></p>' in text
    assert "100 −" not in text
    assert lamps(text) == ["grey"] * 6
    assert "申报以后算分" in text


def test_month_nobody_began_is_undeclared_too(door: Door) -> None:
    text = door.text()
    assert "未申报" in text
    assert "没有记录" in text
    assert lamps(text) == ["grey"] * 6


def test_declared_month_shows_the_sum_at_once(world: World, door: Door) -> None:
    world.record(ONE, "WR02", day=first_of_month())
    world.record(ONE, "WR10", day=first_of_month())
    world.record(ONE, "WR01", day=first_of_month())
    world.declare(month=this_month())
    text = door.text()
    assert "<b>100</b> 分" in text
    assert "100 − 5 + 5 = 100" in text
    assert lamps(text) == ["kept", "broken", "kept", "kept", "kept", "kept"]


def test_score_on_the_page_is_the_one_that_is_kept(world: World, door: Door) -> None:
    for clause in ("WR02", "WR04", "WR09", "WR05"):
        world.record(ONE, clause, day=first_of_month())
    world.declare(month=this_month())
    roll_up(this_month())
    kept = HouseholdScore.objects.get(month=this_month(), code=ONE)
    assert f"<b>{kept.score}</b> 分" in door.text()
    assert f"+ {kept.bonus} = {kept.score}" in door.text()


def test_reminder_costs_nothing_and_says_so(world: World, door: Door) -> None:
    world.record(ONE, "WR01", day=first_of_month())
    world.declare(month=this_month())
    text = door.text()
    assert "100 − 0 + 0 = 100" in text
    assert lamps(text)[1] == "reminded"
    assert "守住（有提醒）" in text


def test_caps_are_explained(world: World, door: Door) -> None:
    for clause in ("WR04", "WR04", "WR02", "WR09", "WJ08", "WR10"):
        world.record(ONE, clause, day=first_of_month())
    world.declare(month=this_month())
    text = door.text()
    assert "100 − 20 + 20 = 100" in text
    assert "零污染每月最多扣 20 分，多出的 5 分不扣" in text
    assert "加分每月最多 20 分，多出的 5 分不计" in text


def test_pending_entry_is_marked_and_not_counted(world: World, door: Door) -> None:
    world.record(ONE, "WJ04", day=first_of_month())
    world.declare(month=this_month())
    text = door.text()
    assert "待第二人确认，现在不算分" in text
    assert "<b>100</b> 分" in text
    assert lamps(text)[0] == "kept"


def test_withdrawn_entry_stays_visible_with_its_reason(world: World, door: Door) -> None:
    event = world.record(ONE, "WR02", day=first_of_month())
    raw = {"op_id": str(uuid4()), "type": "withdraw", "event": event.pk, "reason": "认错了人"}
    apply_ops(month=this_month(), village=world.village, raws=[raw], base_version=None, by=world.user(Role.CADRE))
    world.declare(month=this_month())
    text = door.text()
    assert "已撤回，不算分：认错了人" in text
    assert "<b>100</b> 分" in text


def test_entry_says_who_recorded_it_and_when(world: World, door: Door) -> None:
    event = world.record(ONE, "WR02", day=first_of_month())
    text = door.text()
    assert event.clause.text in text
    assert f"{first_of_month().month}月1日 · 村干部 村干部甲登记" in text
    assert "−5 分" in text


def test_petition_entry_is_shown_to_the_household_itself(world: World, door: Door) -> None:
    event = world.record(
        ONE, "FF07", by=world.user(Role.PETITION_OFFICE), day=first_of_month(), document_no="石调字第9号"
    )
    text = door.text()
    assert event.clause.text in text
    assert "文书号 石调字第9号" in text
    assert "信访局" in text


def test_neighbours_entries_never_appear(world: World, door: Door) -> None:
    world.record(f"{VILLAGE}010002", "WR02", day=first_of_month())
    world.record(f"{VILLAGE}01", "WR13", day=first_of_month())
    world.declare(month=this_month())
    text = door.text()
    assert "没有记录" in text
    assert "李" not in text
    assert f"{VILLAGE}010002" not in text


def test_name_and_phone_stay_masked_at_home_too(door: Door) -> None:
    text = door.text()
    assert "张*家" in text
    assert ONE in text
    assert "张三丰" not in text
    assert "13800000001" not in text


def test_history_tells_score_zeros_and_points(world: World, door: Door) -> None:
    world.record(ONE, "WR09", day=date.fromisoformat(f"{previous_month(this_month())}-03"))
    world.frozen_month(previous_month(this_month()))
    rows = re.findall(r"<tr>\s*<th.*?</tr>", door.text(), re.DOTALL)
    assert [re.sub("<[^>]+>|—", " ", row).split() for row in rows[1:]] == [
        [f"{this_month()[:4]}年{int(this_month()[5:])}月", "未申报"],
        [f"{previous_month(this_month())[:4]}年{int(previous_month(this_month())[5:])}月", "110", "是", "+20"],
    ]
    points = state_of(household(ONE))
    assert points.balance == 20
    assert f"<b>{points.free}</b> 积分可用</p>" in door.text()


def test_free_points_are_the_same_at_home_and_in_the_shop(world: World, door: Door) -> None:
    shop = build_shop(world)
    shop.reserve()
    shop_text = " ".join(door.client.get(reverse("plate-shop", args=[door.plate.token])).content.decode().split())
    told = r"<b>(\d+)</b> 积分可用</p>.*?已经预订占用</span>\s?<b class=\"amount\">(\d+)</b>"
    assert (
        re.search(told, door.text())[0] and re.search(told, door.text()).groups() == re.search(told, shop_text).groups()
    )


def test_last_month_with_a_score_comes_first(world: World, door: Door) -> None:
    world.record(ONE, "WR02", day=date.fromisoformat(f"{previous_month(this_month())}-03"))
    world.frozen_month(previous_month(this_month()))
    world.record(ONE, "WR04", day=first_of_month())
    text = door.text()
    assert text.index("<b>95</b> 分") < text.index("各月得分")
    assert "100 − 5 + 0 = 95" in text
    running = re.search('<p class="running">(.*?)</p>', text)[1]
    assert "正在录入，还没有得分" in running and f'href="?month={this_month()}"' in running
    assert "未申报</b>" not in text
    assert "未申报</b>" in door.text(this_month())


def test_a_month_before_opens_with_its_entries(world: World, door: Door) -> None:
    world.record(ONE, "WR02", day=date.fromisoformat(f"{previous_month(this_month())}-03"))
    world.frozen_month(previous_month(this_month()))
    text = door.text(previous_month(this_month()))
    assert "100 − 5 + 0 = 95" in text
    assert "已经锁定" in text
    assert lamps(text)[1] == "broken"


@pytest.mark.parametrize("month", ["2031-01", "nonsense", "2019-01", "' OR 1=1"])
def test_a_month_that_is_not_listed_falls_back_to_this_one(door: Door, month: str) -> None:
    assert door.text(month) == door.text()


def test_household_left_out_of_the_declaration_has_no_score(world: World, door: Door) -> None:
    Household.objects.filter(pk=ONE).update(valid_to=last_day(this_month()))
    world.declare(month=this_month())
    text = door.text()
    assert "未申报" in text
    assert "没有包括这一户" in text


def test_objection_says_until_when(world: World, door: Door) -> None:
    world.declare(month=previous_month(this_month()))
    world.approve(month=previous_month(this_month()))
    post(month=previous_month(this_month()), on=today() + timedelta(days=60))
    until = villager.calendar_of(previous_month(this_month())).posted(today()).objections_until
    text = door.text(previous_month(this_month()))
    assert f"请在{until.month}月{until.day}日（含）以前提异议" in text
    assert "提异议不扣分" in text
    assert "填一张纸交给东山村的村干部、村务监督委员，或者罗坪乡" in text  # whoever can key it in for the household


@pytest.mark.parametrize(
    ("state", "notice", "objection"),
    [
        (SheetState.OPEN, "正在录入，还没有得分", "还没有公示"),
        (SheetState.DECLARED, "村里已经申报，等乡镇审核", "还没有公示"),
        (SheetState.REVIEWED, "乡镇已经审核，6月4日起公示", "还没有公示"),
        (SheetState.POSTED, "正在公示，到6月8日为止", "请在6月11日（含）以前"),
        (SheetState.FROZEN, "已经锁定（县里提前锁定，没有经过公示），6月15日起可以兑换", "由乡镇核查、县六零办批准"),
    ],
)
def test_words_for_each_state(state: SheetState, notice: str, objection: str) -> None:
    shown = villager.MonthState("2024-05", state)
    assert notice in villager.notice(shown)
    assert objection in villager.objection(shown, date(2024, 6, 5))


def test_posted_month_is_locked_without_a_remark() -> None:
    shown = villager.MonthState("2024-05", SheetState.FROZEN, posted_on=date(2024, 6, 4))
    assert "已经锁定，6月15日起可以兑换" in villager.notice(shown)


def test_posted_month_that_was_locked_before_its_time_says_so() -> None:
    shown = villager.MonthState("2024-05", SheetState.FROZEN, posted_on=date(2024, 6, 4), forced=True)
    assert "已经锁定（县里提前锁定，公示没有到期），" in villager.notice(shown)


def test_sheet_posted_late_moves_its_days() -> None:
    shown = villager.MonthState("2024-05", SheetState.POSTED, posted_on=date(2024, 6, 10))
    assert "到6月14日为止" in villager.notice(shown)
    assert "请在6月17日（含）以前提异议，还有 7 天" in villager.objection(shown, date(2024, 6, 10))


def test_band_is_a_third_of_the_group(world: World) -> None:
    for number, clause in ((4, "WR02"), (5, "WR04")):
        world.record(f"{VILLAGE}01000{number}", clause, day=first_of_month())
    world.declare(month=this_month())
    roll_up(this_month())
    bands = [re.search("第1组里：<strong>(.*?)</strong>", Door(h).text()) for h in world.households[:5]]
    assert [found and found[1] for found in bands] == ["前三分之一"] * 3 + ["中间三分之一", "后三分之一"]


def test_band_is_kept_back_in_a_small_group(world: World) -> None:
    world.declare(month=this_month())
    roll_up(this_month())
    assert "三分之一" not in Door(Household.objects.get(code=f"{VILLAGE}020001")).text()
    assert "三分之一" in Door(world.household).text()


def test_band_waits_for_the_declaration(world: World, door: Door) -> None:
    roll_up(this_month(), full=True)
    assert "三分之一" not in door.text()


@pytest.mark.parametrize("entries", [1, 3])
def test_page_takes_one_query(world: World, door: Door, entries: int, django_assert_num_queries: object) -> None:
    for _ in range(entries):
        world.record(ONE, "WR10", day=first_of_month())
    world.frozen_month(previous_month(this_month()))
    world.declare(month=this_month())
    roll_up(this_month())
    door.text()
    with django_assert_num_queries(1):
        door.text(previous_month(this_month()))


def test_page_survives_a_new_database_session(door: Door, transactional_db: None) -> None:
    door.text()
    connection.close()
    assert "张*家" in door.text()


def test_page_is_small_enough_for_a_weak_signal(world: World, door: Door) -> None:
    for _ in range(10):
        world.record(ONE, "WR10", day=first_of_month())
    page = gzip.compress(door.client.get(door.address).content)
    styles = re.findall(r'href="(/static/css/(?:tokens|public)[^"]*)"', door.text())
    sizes = [len(gzip.compress(b"".join(door.client.get(css).streaming_content))) for css in styles]
    assert len(sizes) == 2 and len(page) + sum(sizes) <= 30 * 1024
    assert "<script" not in door.text()


def test_page_is_for_everybody_by_its_audience() -> None:
    assert plate_view.audience.public
