"""Where a board leads."""

import pytest

from households.codes import Level
from households.models import Linkage
from households.roles import Role
from scoring.rankings.archive import published
from scoring.rankings.boards import board
from scoring.rankings.links import links_of, live_url, ranking_url
from scoring.readers import Reader
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World


def links(world: World, level: Level, within: str, role: str = Role.COUNTY_OFFICE) -> dict[str, object]:
    reader = Reader(world.user(role))
    return links_of(board(reader, MONTH, level, within), reader)


def test_tabs_lead_from_county_to_group_and_keep_the_place_where_they_can(rolled_up: World) -> None:
    tabs = links(rolled_up, Level.VILLAGE, TOWNSHIP)["tabs"]
    assert [(tab.label, tab.url, tab.current) for tab in tabs] == [
        ("县排名", f"/rankings/{MONTH}/county/", False),
        ("乡镇排名", f"/rankings/{MONTH}/township/", False),
        ("村排名", f"/rankings/{MONTH}/village/?within={TOWNSHIP}", True),
        ("组排名", f"/rankings/{MONTH}/group/?within={TOWNSHIP}", False),
    ]


def test_reader_without_a_subtree_has_no_groups(rolled_up: World) -> None:
    Linkage.objects.update(to_month="2023-12")
    tabs = links(rolled_up, Level.VILLAGE, COUNTY, Role.DEPARTMENT)["tabs"]
    assert [tab.label for tab in tabs] == ["县排名", "乡镇排名", "村排名"]


@pytest.mark.parametrize(
    ("level", "drill"),
    [
        (Level.COUNTY, f"/rankings/{MONTH}/township/?within="),
        (Level.TOWNSHIP, f"/rankings/{MONTH}/village/?within="),
        (Level.VILLAGE, f"/rankings/{MONTH}/group/?within="),
        (Level.GROUP, ""),
    ],
)
def test_each_level_opens_the_one_below(rolled_up: World, level: Level, drill: str) -> None:
    found = links(rolled_up, level, "" if level is Level.COUNTY else COUNTY)
    assert found["drill"] == drill
    assert found["why"] == f"/why/{MONTH}/"


def test_steps_lead_to_the_wider_places(rolled_up: World) -> None:
    assert links(rolled_up, Level.GROUP, VILLAGE)["steps"] == [
        ("石门县", f"/rankings/{MONTH}/group/?within={COUNTY}"),
        ("罗坪乡", f"/rankings/{MONTH}/group/?within={TOWNSHIP}"),
    ]


def test_archived_ranking_is_led_to_once_there_is_one(rolled_up: World) -> None:
    assert links(rolled_up, Level.VILLAGE, COUNTY)["archived"] == ""
    rolled_up.frozen_month()
    assert links(rolled_up, Level.VILLAGE, TOWNSHIP)["archived"] == f"/rankings/{MONTH}/village/kept/1/?within={COUNTY}"


def test_archived_ranking_leads_back_to_the_live_one(rolled_up: World) -> None:
    rolled_up.frozen_month()
    ranking = published(MONTH, Level.VILLAGE, TOWNSHIP)
    assert live_url(ranking) == f"/rankings/{MONTH}/village/?within={TOWNSHIP}"


@pytest.mark.parametrize(
    ("code", "url"),
    [
        (COUNTY, f"/rankings/{MONTH}/county/"),
        (TOWNSHIP, f"/rankings/{MONTH}/township/?within={COUNTY}"),
        (VILLAGE, f"/rankings/{MONTH}/village/?within={COUNTY}"),
        (f"{VILLAGE}01", f"/rankings/{MONTH}/group/?within={VILLAGE}"),
    ],
)
def test_figure_leads_to_the_ranking_it_stands_in(code: str, url: str) -> None:
    assert ranking_url(MONTH, code) == url
