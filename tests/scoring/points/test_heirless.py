"""Points of closed households that nobody has been named for: who finds them waiting, and until when."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households.house.waiting import worked_out
from households.models import ChangeKind, User
from households.roles import Role
from scoring.house.waiting import waiting
from scoring.ledger import door as ledger
from scoring.points.reads_heirless import heirless
from tests.households.changes.histories import done
from tests.world import VILLAGE, World

K = ChangeKind
DAY = date(2024, 5, 10)
ONE, TWO, THREE = (f"{VILLAGE}01000{n}" for n in (1, 2, 3))
WHAT = "个注销户的积分等指定去向"


def told(user: User) -> list[tuple[int, str]]:
    found = worked_out(waiting(user, timezone.localdate()))
    return [(one.number, one.url) for one in found if one.what == WHAT]


def closed(world: World, code: str, points: int = 7) -> None:
    ledger.adjust(ledger.household(code), points, key=f"given:{code}", text="发放")
    done(world.user(Role.CADRE), K.CLOSE, DAY, code)


def test_they_wait_for_the_cadre_until_somebody_is_named(world: World) -> None:
    assert told(world.user(Role.CADRE)) == []
    closed(world, ONE)
    assert told(world.user(Role.CADRE)) == [(1, "/points/heirless/")]
    for user in (world.user(Role.SUPERVISOR), world.user(Role.COUNTY_OFFICE), world.stranger(Role.CADRE)):
        assert told(user) == []
    client = world.client(Role.CADRE)
    assert (
        WHAT in client.get(reverse("home")).content.decode() and WHAT in client.get(reverse("inbox")).content.decode()
    )
    done(world.user(Role.CADRE), K.HEIR, DAY, ONE, other=TWO)
    assert told(world.user(Role.CADRE)) == []


def test_nothing_waits_where_there_is_nothing_to_give_or_somebody_was_named(world: World) -> None:
    done(world.user(Role.CADRE), K.CLOSE, DAY, ONE)
    ledger.adjust(ledger.household(TWO), 7, key="given", text="发放")
    done(world.user(Role.CADRE), K.CLOSE, DAY, TWO, other=THREE)
    assert told(world.user(Role.CADRE)) == []


def test_reopened_household_keeps_its_own(world: World) -> None:
    closed(world, ONE)
    done(world.user(Role.CADRE), K.REOPEN, date(2024, 5, 12), ONE)
    assert told(world.user(Role.CADRE)) == []


def test_they_wait_to_the_last_day_of_the_term(world: World) -> None:
    closed(world, ONE)
    scope, last = world.user(Role.CADRE).scope, timezone.localdate() + timedelta(days=settings.HEIR_DAYS)
    assert heirless(scope, last).count() == 1
    assert heirless(scope, last + timedelta(days=1)).count() == 0


def test_page_leads_to_naming_somebody_and_says_until_when(world: World) -> None:
    client, page = world.client(Role.CADRE), reverse("heirless-points")
    assert "没有等着指定去向的积分" in client.get(page).content.decode()
    closed(world, ONE)
    until = timezone.localdate() + timedelta(days=settings.HEIR_DAYS)
    shown = client.get(page).content.decode()
    way = reverse("change-household", args=[ONE, "heir"])
    assert way in shown and "7 分" in shown and f"{until.year}年{until.month}月{until.day}日" in shown
    assert "张三丰" not in shown
    assert (
        client.get(way).status_code == 200 and page in client.get(reverse("points-home"), follow=True).content.decode()
    )
    assert ONE not in world.client(world.stranger(Role.CADRE)).get(page).content.decode()
    assert ONE in world.client(Role.COUNTY_OFFICE).get(page).content.decode()


def test_page_asks_the_database_as_often_for_three(world: World) -> None:
    client, page = world.client(Role.CADRE), reverse("heirless-points")

    def asked() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    closed(world, ONE)
    once = asked()
    for code in (TWO, THREE):
        closed(world, code)
    assert asked() == once == 6
