"""The cockpit: what it shows, to whom, how it reminds, and how many queries it takes."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from households.models import Division
from households.roles import Role
from scoring.cockpit import views, waits
from scoring.cockpit.actions import remind
from scoring.cockpit.reads import cockpit
from scoring.cockpit.rules import MonthLamp
from scoring.models import MonthReminder, Sheet
from scoring.objection_states import HeldObjection, ObjectionHolder
from scoring.states import SheetState
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.days import today
from tests.refusals import refusal_code
from tests.world import COUNTY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
PAGE = f"/county/cockpit/{MONTH}/"


@pytest.fixture
def objecting() -> Iterator[None]:
    """西河村 has an objection waiting, says whoever keeps objections."""
    held = HeldObjection(1, date(2024, 6, 6), ObjectionHolder.TOWNSHIP, date(2024, 6, 11))
    waits.register(lambda _month, _place: {SISTER: held})
    yield
    waits.readers.pop()


def lamps(place: str = COUNTY) -> dict[str, MonthLamp]:
    return {one.code: one.lamp for one in cockpit(MONTH, place, today(), extends=True).lights}


def send(world: World, who: object, village: str = VILLAGE, **given: object) -> str:
    sent = {"op_id": str(uuid4())} | given
    return world.client(who).post(reverse("remind", args=[MONTH, village]), sent, follow=True).content.decode()


def test_lights_follow_the_months_of_the_villages(world: World) -> None:
    assert set(lamps().values()) == {MonthLamp.UNOPENED}
    world.record(f"{VILLAGE}010001", "WR02")
    world.declare(world.sister, world.strange)
    world.approve(world.strange)
    assert lamps() == {VILLAGE: MonthLamp.FILLING, SISTER: MonthLamp.DECLARED, STRANGE: MonthLamp.REVIEWED}
    assert set(lamps(TOWNSHIP)) == {VILLAGE, SISTER}


def test_objection_that_waits_lights_up_while_posted(world: World, objecting: None) -> None:
    world.declare()
    assert lamps()[SISTER] is MonthLamp.DECLARED
    Sheet.objects.filter(village=SISTER).update(state=SheetState.POSTED)
    assert lamps()[SISTER] is MonthLamp.OBJECTED
    assert "异议" in world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()


def test_page_names_who_is_late_and_whom_to_call(world: World) -> None:
    text = world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()
    assert "3 个村，最久的在前" in text and "村干部甲" in text
    assert text.count("催办</button>") == 6  # of the list and of the tiles
    assert "罗坪乡" in text and "壶瓶乡" in text


def test_township_sees_its_own_alone(world: World) -> None:
    text = world.client(Role.TOWNSHIP).get(PAGE).content.decode()
    assert "东山村" in text and "南坪村" not in text and "壶瓶乡" not in text
    assert (
        world.client(world.stranger(Role.TOWNSHIP))
        .post(reverse("remind", args=[MONTH, VILLAGE]), {"op_id": str(uuid4())})
        .status_code
        == 404
    )
    assert not MonthReminder.objects.exists()


def test_reminder_stands_on_the_home_of_the_village_until_it_declares(world: World) -> None:
    assert "已催办东山村" in send(world, Role.COUNTY_OFFICE)
    home = world.client(Role.CADRE).get("/").content.decode()
    assert "催办申报" in home
    assert "催办" not in world.client(world.stranger(Role.CADRE)).get("/").content.decode()
    world.declare(world.village)
    assert "催办申报" not in world.client(Role.CADRE).get("/").content.decode()


def test_township_is_reminded_of_reviewing(world: World) -> None:
    world.declare(world.village)
    assert "乡镇的首页上会看到" in send(world, Role.COUNTY_OFFICE)
    assert "催办审核" in world.client(Role.TOWNSHIP).get("/").content.decode()


def test_reminded_village_may_be_given_longer_by_the_county(world: World) -> None:
    send(world, Role.TOWNSHIP)
    longer = reverse("village-month", args=[MONTH, VILLAGE])
    assert longer in world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()
    assert longer not in world.client(Role.TOWNSHIP).get(PAGE).content.decode()


def test_same_thing_is_reminded_of_once_a_day(world: World) -> None:
    given = {"month": MONTH, "village": world.village, "by": world.user(Role.COUNTY_OFFICE)}
    remind(op_id=uuid4(), **given)
    assert refusal_code(remind, op_id=uuid4(), **given) == "reminded_already"
    world.declare(world.village)
    remind(op_id=uuid4(), **given)  # another state, another holder
    world.approve(world.village)
    assert refusal_code(remind, op_id=uuid4(), **given) == "nobody_holds_it"
    assert MonthReminder.objects.count() == 2


def test_reminder_is_never_changed_nor_sent_without_the_log(world: World) -> None:
    given = {"month": MONTH, "village": world.village, "by": world.user(Role.COUNTY_OFFICE)}
    with audit_down():
        remind(op_id=uuid4(), **given)
    assert not MonthReminder.objects.exists()
    remind(op_id=uuid4(), **given)
    broken(raw("UPDATE scoring_monthreminder SET state = 'declared'"), "append-only|refused|permission")
    more = {"period_id": MONTH, "village": world.village, "by": world.user(Role.COUNTY_OFFICE)}
    broken(lambda: MonthReminder.objects.create(**more, state="frozen"), "reminder_of_what_is_held")


def test_forced_village_says_that_it_was_not_posted(world: World) -> None:
    world.frozen_once()
    text = world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()
    assert text.count("没有经过公示") == 3 and "已公示" not in text


@pytest.mark.parametrize("late", [1, 3])
def test_page_takes_the_same_queries_however_many_villages(
    world: World, late: int, django_assert_num_queries: object
) -> None:
    world.declare(*(world.village, world.sister, world.strange)[late:] or [world.village])
    office = world.client(Role.COUNTY_OFFICE)
    office.get(PAGE)
    with django_assert_num_queries(6):
        office.get(PAGE)


def test_tiles_of_a_kind_differ_in_what_they_say_and_send(world: World) -> None:
    Division.objects.filter(pk=SISTER).update(name="<b>西河</b>&村")
    text = world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()
    tiles = re.findall('<li class="tile tile-unopened tile-late">.*?</li>', text, re.DOTALL)
    assert [name for tile in tiles for name in re.findall("<strong>(.*?)</strong>", tile)] == [
        "东山村", "&lt;b&gt;西河&lt;/b&gt;&amp;村", "南坪村",
    ]  # fmt: skip
    sent = [dict(re.findall(r'name="(op_id|csrfmiddlewaretoken)" value="([^"]+)"', tile)) for tile in tiles]
    assert len({one["op_id"] for one in sent}) == 3 and len({one["csrfmiddlewaretoken"] for one in sent}) == 1
    assert [code for tile in tiles for code in re.findall(r'action="[^"]*/(\d{12})/', tile)] == [
        VILLAGE,
        SISTER,
        STRANGE,
    ]
    assert "@" not in "".join(tiles)


def test_menu_leads_there(world: World) -> None:
    address = f'href="{reverse("cockpit-due")}"'
    for role, there in ((Role.COUNTY_OFFICE, True), (Role.TOWNSHIP, True), (Role.CADRE, False)):
        assert (address in world.client(role).get("/").content.decode()) is there


def test_due_page_leads_to_a_month(world: World) -> None:
    answer = world.client(Role.COUNTY_OFFICE).get(reverse("cockpit-due"), follow=True)
    assert answer.redirect_chain and "进度" in answer.content.decode()


def test_only_the_latest_are_told_at_length_until_all_are_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LATE_FIRST", 1)
    client = world.client(Role.COUNTY_OFFICE)
    first, whole = (client.get(PAGE + query).content.decode() for query in ("", "?late=all"))
    assert (first.count('<li class="card card-body">'), whole.count('<li class="card card-body">')) == (1, 3)
    assert "其余 2 个逾期的村" in first and "3 个村，最久的在前" in first
    assert "其余" not in whole and "3 个村，最久的在前" in whole
