"""What everybody reads of a month that was put right: the old version says what took its place, and a log counts what moved."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from households.roles import Role
from scoring.models import RankingSnapshot
from scoring.restatements.public_log import counted, restatements_of
from tests.scoring.restatements.adjusting import FIRST, ask_addition, ask_withdrawal, frozen_with, grant
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, VILLAGE, World

LOG = reverse("public-restatements")
NEWEST = f"/rankings/{MONTH}/village/"


def kept(version: int, level: str = "village") -> str:
    return f"/rankings/{MONTH}/{level}/kept/{version}/?within={COUNTY}"


def text(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def corrected(world: World) -> World:
    """A household's deduction taken back after freezing, so that there are two versions."""
    grant(world, ask_withdrawal(world, frozen_with(world)))
    return world


def test_old_link_shows_the_old_bytes_and_says_which_version_took_its_place(corrected: World) -> None:
    old = RankingSnapshot.objects.get(month=MONTH, level="village", within=COUNTY, version=1)
    assert Client().get(f"{kept(1)}&format=json").content.decode() == old.body
    page = text(kept(1))
    assert "已被第 2 版取代" in page and f'href="{kept(2)}"' in page
    assert "已被第" not in text(kept(2)) and "已被第" not in text(NEWEST)


@pytest.mark.parametrize("address", [NEWEST, kept(2), kept(2, "township"), kept(2, "county")])
def test_newest_version_leads_to_the_earlier_one(corrected: World, address: str) -> None:
    level = address.split("/")[3]
    page = text(address)
    assert f'href="{kept(1, level)}"' in page and "第 1 版" in page and "复核后更正" in page


def test_staff_read_it_on_the_archive_too(corrected: World) -> None:
    page = text(kept(1), corrected.client(Role.CADRE))
    assert "已被第 2 版取代" in page and "已被第" not in text(kept(2), corrected.client(Role.CADRE))


def test_month_that_was_never_put_right_says_nothing_of_versions(world: World) -> None:
    world.frozen_month()
    page = text(NEWEST)
    assert "已被" not in page and "公开过的各版" not in page
    assert "还没有更正过" in text(LOG)


def test_version_that_is_not_public_takes_no_public_one_s_place(world: World) -> None:
    """东山村 put right while 南坪村, which declared late, is still on its way: the public reads version 1 and no word of 2."""
    event = world.record(FIRST, "WR04")
    world.declare(world.village, world.sister)
    world.freeze()
    world.declare(world.strange)
    grant(world, ask_withdrawal(world, event))
    assert "已被" not in text(NEWEST) and kept(2) not in text(NEWEST)
    assert restatements_of(COUNTY) == []
    world.freeze()
    [line] = restatements_of(COUNTY)
    assert (line.before.version, line.after.version, line.villages) == (1, 3, 1)


def test_log_counts_and_names_no_place_below_the_county(corrected: World) -> None:
    grant(corrected, ask_addition(corrected, VILLAGE, "WR13", public_reason="left_out"))
    page = text(LOG)
    assert page.index("当月漏记") < page.index("复核后更正")
    newest, first = counted(restatements_of(COUNTY))
    scored = newest.households
    assert (first.households, first.restatement.villages) == (1, 1) and scored > 1
    assert "2024年5月" in page and "涉及 1 个村、1 户" in page and f"涉及 1 个村、{scored} 户" in page
    assert all(f'href="{kept(version)}"' in page for version in (1, 2, 3))
    assert VILLAGE not in page and OTHER_TOWNSHIP not in page
    for place in (corrected.village, corrected.sister, corrected.strange, corrected.village.parent):
        assert place and place.name not in page
    assert corrected.household.head_name not in page


def test_ranks_that_moved_are_counted(corrected: World) -> None:
    ranks = [
        dict(re.findall(r'"code": "(\d+)".*?"rank": (\d+)', body))
        for body in RankingSnapshot.objects.filter(month=MONTH, level="village").values_list("body", flat=True)
    ]
    [line] = counted(restatements_of(COUNTY))
    assert line.ranks_moved == sum(ranks[0][code] != rank for code, rank in ranks[1].items()) > 0
    assert f"{line.ranks_moved} 个村的名次变了" in text(LOG)


def test_public_ranking_leads_to_the_log(corrected: World) -> None:
    assert f'href="{LOG}?county={COUNTY}"' in text(NEWEST)
    assert text(f"{LOG}?county={COUNTY}") == text(LOG)
    assert Client().get(LOG, {"county": "430727"}).status_code == 404


def test_log_asks_the_database_as_often_for_any_number(corrected: World, django_assert_num_queries: Callable) -> None:
    Client().get(LOG)
    with django_assert_num_queries(4):
        Client().get(LOG)
    grant(corrected, ask_addition(corrected))
    with django_assert_num_queries(4):
        Client().get(LOG)
