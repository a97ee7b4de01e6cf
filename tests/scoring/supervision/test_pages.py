"""监督: what the supervision committee reads of its village's month, on page and paper."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.masks import mask_name
from households.models import AuditEvent, Household
from households.roles import Role
from scoring.models import Declaration
from scoring.reviews.draws import draw_of
from scoring.rollup.rollup import roll_up
from scoring.supervision.rules import sampled
from tests.answers import whole
from tests.rewards.awards.pdf_text import read
from tests.scoring.objections.objecting import objected, ruled
from tests.world import MONTH, VILLAGE, World

ONE, TWO = f"{VILLAGE}010001", f"{VILLAGE}010002"
PATH = f"/supervision/{MONTH}/"


def page(world: World) -> str:
    return world.client(Role.SUPERVISOR).get(PATH).content.decode()


def posted(world: World) -> tuple[int, int]:
    """Two records of a frozen month; the first is objected to and upheld, the second is open."""
    first, second = world.record(ONE, "WR04"), world.record(TWO, "WR04")
    world.frozen_month()
    over, still = objected(world, first.pk)["id"], objected(world, second.pk, code=TWO)["id"]
    ruled(over, world.user(Role.TOWNSHIP))
    return over, still


def sample() -> list[Household]:
    """Whom the committee visits: it hangs on the moment of the signature."""
    signed = Declaration.objects.select_related("sheet").get(sheet__village=VILLAGE)
    draw = draw_of(signed)
    return list(Household.objects.filter(code__in=sampled(draw.seed, signed.households, draw.households)))


def test_before_the_declaration_there_is_no_sample(world: World) -> None:
    html = page(world)
    assert "这个月还没有申报，申报以后才抽户" in html and "怎样再算一遍" not in html


def test_sample_is_the_committees_own(world: World) -> None:
    world.declare(world.village)
    signed = Declaration.objects.select_related("sheet").get()
    draw = draw_of(signed)
    shown = re.findall(rf"/why/{MONTH}/({VILLAGE}\d{{6}})/", page(world))
    assert shown == sampled(draw.seed, signed.households, draw.households)
    assert not set(shown[:3]) & set(draw.households)  # eight households, five of them the township's


def test_page_tells_figures_and_objections(world: World) -> None:
    posted(world)
    html = page(world)
    assert "申报 8 户，有例外 2 户" in html and "平均 97.50 分" in html
    still_open, over = html.partition("<h2>办完的异议")[::2]
    assert "等乡镇复核" in still_open and "成立，等县六零办批准更正" in over
    assert "张三丰" not in html
    names = [household.head_name for household in sample()]
    assert len(names) == 5
    assert all(name not in html and mask_name(name) in html for name in names)


def test_report_on_paper_says_the_same_and_leaves_room(world: World) -> None:
    over, still = posted(world)
    pages = read(world.client(Role.SUPERVISOR).get(f"{PATH}report/").getvalue())
    text = "".join(pages)
    assert "东山村村务监督委员会2024年5月六零监督报告" in text and "97.50" in text
    assert "上门核实" in text and "委员签名" in text and "张三丰" not in text
    assert f"-{over:06d}" in text and f"-{still:06d}" in text
    assert AuditEvent.objects.get(action="household.print").place.startswith(VILLAGE)


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.GROUP_LEADER, Role.COUNTY_OFFICE])
def test_others_have_no_such_page(world: World, role: str) -> None:
    world.declare(world.village)
    answer = world.client(role).get(PATH)
    assert answer.status_code == 403 and "委员会自己抽的户" not in whole(answer)


def test_supervisor_of_another_village_reads_their_own(world: World) -> None:
    posted(world)
    html = world.client(world.stranger(Role.SUPERVISOR)).get(PATH).content.decode()
    assert "南坪村监督" in html and VILLAGE not in html and "没有。" in html


def test_way_leads_to_the_newest_declared_month(world: World) -> None:
    world.frozen_month("2024-04")
    world.declare(world.village)
    answer = world.client(Role.SUPERVISOR).get("/supervision/")
    assert answer["Location"] == PATH
    assert "监督</a>" in re.sub(r"<svg.*?</svg>|\s", "", page(world), flags=re.DOTALL)


@pytest.mark.parametrize("objections", [1, 3])
def test_page_takes_the_same_queries_however_much_there_is(world: World, objections: int) -> None:
    events = [world.record(f"{VILLAGE}01000{n}", "WR04") for n in range(1, objections + 1)]
    world.frozen_month()
    roll_up(MONTH)
    for event in events:
        objected(world, event.pk, code=event.code)
    client = world.client(Role.SUPERVISOR)
    client.get(PATH)
    with CaptureQueriesContext(connection) as seen:
        client.get(PATH)
    assert len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]) == 17
