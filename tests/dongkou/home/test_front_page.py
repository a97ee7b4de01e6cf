"""The front page for people who are not signed in."""

import gzip
import re

import pytest
from django.urls import reverse

from dongkou import front
from tests.world import COUNTY, MONTH, SISTER, World


def page_of(world: World) -> str:
    return world.client().get("/").content.decode()


def test_front_page_explains_the_scheme_before_any_month_is_frozen(world: World) -> None:
    page = page_of(world)
    for words in (
        "零违建",
        "零事故",
        "依法信访从不扣分",
        "不是县里的正式文件",
        "/rules/",
        "意见和投诉",
        "还没有锁定的月份",
    ):
        assert words in page


def test_front_page_stands_on_an_empty_database(client: object, db: None) -> None:
    assert "守住六个零" in client.get("/").content.decode()


def test_every_zero_of_every_shipped_scheme_is_explained(db: None) -> None:
    for month in ("2022-06", "2023-06"):
        zeros = front.zeros_of(front.scheme_in_force(month))
        assert len(zeros) == 6
        assert all(zero.meaning for zero in zeros)
        assert sum(zero.share for zero in zeros) == 100


def test_no_zeros_before_the_first_scheme(db: None) -> None:
    assert front.zeros_of(front.scheme_in_force("2020-01")) == []


def test_ranking_of_an_open_month_is_not_published(world: World) -> None:
    world.declare()
    page = page_of(world)
    assert "东山村" not in page
    assert front.published_rankings() == []


def test_frozen_ranking_is_published_with_townships(world: World) -> None:
    world.record(f"{SISTER}010001", "WJ02", by=world.user("township"))
    world.frozen_month()
    [ranking] = front.published_rankings()
    assert (ranking.county, ranking.month, ranking.villages) == ("石门县", MONTH, 3)
    assert [(line.rank, line.name, line.township) for line in ranking.lines] == [
        (1, "东山村", "罗坪乡"),
        (1, "南坪村", "壶瓶乡"),
        (3, "西河村", "罗坪乡"),
    ]
    page = page_of(world)
    assert "97.50" in page
    assert f"/rankings/{MONTH}/village/" in page


def test_front_page_leads_a_villager_to_the_own_village(world: World) -> None:
    world.frozen_once()
    page = page_of(world)
    way = re.search(r'<form class="find"[^>]*action="([^"]+)"', page)[1]
    assert f'name="within" value="{COUNTY}"' in page and page.index(way) < page.index("六个零是什么")
    found = world.client().get(way, {"within": COUNTY, "q": "南坪"}).content.decode()
    assert "南坪村" in found and "西河村" not in found
    for name in ("petition-new", "petition-follow"):
        assert page.index(reverse(name)) < page.index("六个零是什么")


def test_village_that_has_not_declared_is_not_ranked(world: World) -> None:
    world.declare(world.village)
    world.freeze()
    [ranking] = front.published_rankings()
    assert [line.name for line in ranking.lines] == ["东山村"]
    assert ranking.villages == 1


def test_latest_frozen_month_is_the_one_shown(world: World) -> None:
    world.frozen_month("2024-04")
    world.frozen_month()
    assert [ranking.month for ranking in front.published_rankings()] == [MONTH]


def test_top_of_a_long_ranking_is_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SHOWN", 2)
    world.frozen_month()
    page = page_of(world)
    assert "前 2 名，一共 3 个村" in page
    assert page.count('scope="row"') == 2


def test_front_page_holds_nothing_personal(world: World) -> None:
    world.record(world.household.code, "WJ02")
    world.frozen_month()
    page = page_of(world)
    assert not any(household.head_name in page or household.code in page for household in world.households)


@pytest.mark.parametrize("months", [1, 2])
def test_front_page_takes_five_queries(world: World, months: int, django_assert_num_queries: object) -> None:
    for month in ("2024-05", "2024-04")[:months]:
        world.frozen_month(month)
    with django_assert_num_queries(5):
        page_of(world)


def test_contact_of_the_county_is_shown(world: World, settings: object) -> None:
    settings.CONTACT = "0739-7221234"
    assert "向县六零办反映（0739-7221234）" in page_of(world)


def test_front_page_with_its_stylesheets_is_light(world: World, settings: object) -> None:
    world.frozen_once()
    styles = [(settings.BASE_DIR / f"static/css/{name}.css").read_bytes() for name in ("tokens", "public")]
    assert sum(len(gzip.compress(text)) for text in (page_of(world).encode(), *styles)) < 15_000


def test_villager_needs_no_script(world: World) -> None:
    assert "<script" not in page_of(world)
