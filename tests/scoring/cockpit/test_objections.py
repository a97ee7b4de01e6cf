"""The cockpit of a month that waits for an objection: who has it in hand, how late it is, where it leads, and who is reminded."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from households.kin.actions import declare_kin
from households.models import PostMessage
from households.roles import Role
from scoring.cockpit.actions import remind
from scoring.cockpit.reads import cockpit
from scoring.cockpit.rules import Light, MonthLamp
from scoring.models import Objection
from scoring.objections.actions.moving import hand_on
from tests.refusals import refusal_code
from tests.scoring.notices.posting import DAY, POSTED, posted
from tests.scoring.objections.objecting import ONE, TWO, objected, ruled
from tests.world import COUNTY, SISTER, TOWNSHIP, VILLAGE, World

PAGE = f"/county/cockpit/{POSTED}/"


@pytest.fixture
def number(world: World) -> int:
    """A household's objection that the village has in hand."""
    event = world.record(ONE, "WR02", by=world.user(Role.GROUP_LEADER), day=DAY)
    posted(world)
    return int(objected(world, event.pk, month=POSTED)["id"])


def lit() -> Light:
    """东山村 today."""
    lights = cockpit(POSTED, COUNTY, timezone.localdate(), extends=True).lights
    return next(one for one in lights if one.code == VILLAGE)


def overdue(number: int, days: int = 3) -> None:
    due = timezone.localdate() - timedelta(days=days)
    Objection.objects.filter(pk=number).update(due_on=due)


def told(role: str) -> list[tuple[str, str]]:
    found = PostMessage.objects.filter(kind="objection.remind", role=role)
    return list(found.values_list("place", "about__1"))


def send(world: World, who: str) -> str:
    way = reverse("remind", args=[POSTED, VILLAGE])
    return world.client(who).post(way, {"op_id": str(uuid4())}, follow=True).content.decode()


def test_light_says_who_has_it_in_hand(world: World, number: int) -> None:
    assert (lit().lamp, lit().holder) == (MonthLamp.OBJECTED, "村里")
    ruled(number, world.user(Role.CADRE), upheld=False)
    assert lit().holder == "提出的人（可以请求复核）"


def test_light_tells_the_township_from_the_county(world: World, number: int) -> None:
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    assert lit().holder == "乡镇"
    clerk, by = world.user(Role.TOWNSHIP), world.user(Role.COUNTY_OFFICE)
    declare_kin(user=clerk, household=world.household, relation="kin", by=by)
    assert lit().holder == "县六零办"


def test_overdue_ruling_comes_first_and_whoever_has_it_is_reminded_once_a_day(world: World, number: int) -> None:
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    overdue(number)
    page = world.client(Role.COUNTY_OFFICE).get(PAGE).content.decode()
    first = re.sub(r"\s+", " ", page.partition('<ul class="cockpit-late">')[2].partition("</li>")[0])
    assert "东山村" in first and "在乡镇" in first and "逾期 3 天" in first and "催办" in first
    assert "已催办东山村，乡镇的首页上会看到" in send(world, Role.COUNTY_OFFICE)
    assert told(Role.TOWNSHIP) == [(TOWNSHIP, Objection.objects.get().number)]
    assert "上级催办：异议" in world.client(Role.TOWNSHIP).get(reverse("inbox")).content.decode()
    assert lit().reminded == timezone.localdate() and not lit().reminds
    given = {"month": POSTED, "village": world.village, "by": world.user(Role.COUNTY_OFFICE)}
    assert refusal_code(remind, op_id=uuid4(), **given) == "reminded_already"


def test_village_and_county_are_reminded_of_theirs(world: World, number: int) -> None:
    overdue(number)
    assert "村里的首页上会看到" in send(world, Role.TOWNSHIP)
    assert [told(role)[0][0] for role in (Role.CADRE, Role.SUPERVISOR)] == [VILLAGE, VILLAGE]
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    clerk, by = world.user(Role.TOWNSHIP), world.user(Role.COUNTY_OFFICE)
    declare_kin(user=clerk, household=world.household, relation="kin", by=by)
    assert "县六零办的首页上会看到" in send(world, Role.TOWNSHIP)
    assert [place for place, _number in told(Role.COUNTY_OFFICE)] == [COUNTY]


def test_nobody_is_reminded_while_the_household_may_take_it_further(world: World, number: int) -> None:
    ruled(number, world.user(Role.CADRE), upheld=False)
    assert "没有人要催" in send(world, Role.COUNTY_OFFICE)
    assert not PostMessage.objects.filter(kind="objection.remind").exists()


def test_light_leads_to_the_objections_of_its_village(world: World, number: int) -> None:
    county = world.client(Role.COUNTY_OFFICE)
    way = reverse("objections") + f"?village={VILLAGE}"
    page = county.get(PAGE).content.decode()
    assert f'href="{way}"' in page and "打开东山村的异议" in page
    own, other = (county.get(reverse("objections") + f"?village={code}").content.decode() for code in (VILLAGE, SISTER))
    one = reverse("objection", args=[number])
    assert one in own and "只列出东山村的异议" in own and one not in other
    assert world.client(world.stranger(Role.TOWNSHIP)).get(way).status_code == 404


def test_the_one_that_is_due_first_stands_for_its_village(world: World, number: int) -> None:
    later = int(objected(world, None, month=POSTED, code=TWO)["id"])
    hand_on(op_id=uuid4(), objection=later, by=world.user(Role.SUPERVISOR))
    assert lit().holder == "村里"
    ruled(number, world.user(Role.CADRE), upheld=False)
    assert lit().holder == "乡镇"


def test_objections_cost_the_cockpit_no_query_more(
    world: World, number: int, django_assert_num_queries: object
) -> None:
    overdue(number)
    office = world.client(Role.COUNTY_OFFICE)
    office.get(PAGE)
    with django_assert_num_queries(5):
        office.get(PAGE)
