"""The published lists: open to everybody, printed and downloaded, the same figures everywhere and nobody's name in them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from scoring.ledger import door as ledger
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot, VillageRoot
from tests.answers import whole
from tests.days import today, yesterday
from tests.world import COUNTY, SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
DAYS, DAY = 3, 5  # queries


@pytest.fixture
def published(world: World) -> World:
    world.frozen_once()
    publish_roots(day=yesterday())
    return world


def day(**query: object) -> object:
    return Client().get(reverse("ledger-day", args=[COUNTY, yesterday()]), query)


def test_days_are_listed_with_the_counties_roots(published: World) -> None:
    publish_roots()
    text = Client().get(reverse("ledger")).content.decode()
    for daily in DailyRoot.objects.all():
        assert daily.root in text
        assert reverse("ledger-day", args=[COUNTY, daily.day]) in text
    assert "石门县" in text
    assert "按一个指印" in text


def test_before_the_first_day_the_page_says_when(world: World) -> None:
    assert "还没有公布过" in Client().get(reverse("ledger")).content.decode()


def test_day_lists_every_village_with_size_and_root(published: World) -> None:
    text = day().content.decode()
    for line in VillageRoot.objects.all():
        assert line.root in text
    for words in ("东山村", "罗坪乡", "林业局", "怎么核对", "提意见不扣分"):
        assert words in text


def test_one_village_can_be_picked_for_the_board(published: World) -> None:
    text = day(q="西河").content.decode()
    assert VillageRoot.objects.get(chain=SISTER).root in text
    assert VillageRoot.objects.get(chain=VILLAGE).root not in text
    assert DailyRoot.objects.get().root in text


def test_village_that_is_not_there_is_told(published: World) -> None:
    assert "没有找到“北海”" in day(q="北海").content.decode()


def test_download_holds_what_the_page_shows(published: World) -> None:
    answer = day(format="json")
    listed = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert listed["root"] in day().content.decode()
    assert {line["chain"]: (line["size"], line["root"]) for line in listed["chains"]} == {
        line.chain: (line.size, line.root) for line in VillageRoot.objects.all()
    }


def test_nobody_is_named(published: World) -> None:
    ledger.adjust(ledger.household(f"{VILLAGE}010001"), 5, key="test:1", text="只给自家看的话")
    publish_roots()
    pages = [day(), day(format="json"), Client().get(reverse("ledger")), Client().get(reverse("ledger-check"))]
    for text in (page.content.decode() for page in pages):
        assert f"{VILLAGE}01" not in text
        assert "张三丰" not in text
        assert "只给自家看的话" not in text


@pytest.mark.parametrize(
    "address",
    [
        f"{COUNTY}/2020-01-01/",
        "999999/2024-06-12/",
        f"{COUNTY}/nonsense/",
        f"{COUNTY}/20240612/",
        f"{COUNTY}/2024-13-01/",
    ],
)
def test_day_that_was_not_published_is_not_found(published: World, address: str) -> None:
    answer = Client().get(f"{reverse('ledger')}{address}")
    assert (answer.status_code, DailyRoot.objects.get().root in whole(answer)) == (404, False)


def test_unknown_format_is_not_found(published: World) -> None:
    answer = day(format="xml")
    assert (answer.status_code, DailyRoot.objects.get().root in whole(answer)) == (404, False)


def test_many_days_come_in_pages(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.ledger.views.DAYS_SHOWN", 1)
    publish_roots()
    first = Client().get(reverse("ledger")).content.decode()
    assert reverse("ledger-day", args=[COUNTY, yesterday()]) not in first
    assert "更早" in first
    assert (
        reverse("ledger-day", args=[COUNTY, yesterday()])
        in Client().get(reverse("ledger"), {"page": 2}).content.decode()
    )


@pytest.mark.parametrize("days", [1, 3])
def test_list_takes_as_many_queries_for_any_number_of_days(
    world: World, days: int, django_assert_num_queries: object
) -> None:
    world.frozen_once()
    for number in range(days):
        publish_roots(day=today() - timedelta(days=days - number))
    with django_assert_num_queries(DAYS):
        Client().get(reverse("ledger"))


def test_day_takes_as_many_queries_for_any_number_of_villages(
    published: World, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(DAY):
        day()
