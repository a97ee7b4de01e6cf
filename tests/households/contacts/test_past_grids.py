"""Micro-grids of the past: the dissolved ones, and who headed each from when to when."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.contacts.actions.contacts import hand_over
from households.contacts.actions.grids import change_head, dissolve
from households.contacts.reads import heads_of
from households.models import ContactPerson, MicroGrid
from households.roles import Role
from tests.households.contacts.village_contacts import LONG_AGO, TODAY, grid_of, person
from tests.world import VILLAGE, World

ONCE, THEN = LONG_AGO + timedelta(days=20), LONG_AGO + timedelta(days=40)


def told(grid: MicroGrid) -> list[tuple[str, object, object]]:
    [spells] = heads_of([MicroGrid.objects.select_related("head").get(pk=grid.pk)]).values()
    return [(spell.person.name, spell.since, spell.until) for spell in spells]


def another(world: World, grid: MicroGrid, head: ContactPerson, day: object) -> None:
    change_head(op_id=uuid4(), grid=grid, head=head, day=day, by=world.user(Role.CADRE))


def test_heads_follow_each_other_with_their_days(world: World) -> None:
    first, second = person(world), person(world, "钱树人", "13900000008")
    grid = grid_of(world, first, 1, 2)
    assert told(grid) == [("党树人", LONG_AGO, None)]
    another(world, grid, second, ONCE)
    another(world, grid, first, THEN)
    whole = [("党树人", LONG_AGO, ONCE), ("钱树人", ONCE, THEN), ("党树人", THEN, None)]
    assert told(grid) == whole
    dissolve(op_id=uuid4(), grid=grid, on=TODAY, by=world.user(Role.CADRE))
    assert told(grid) == [*whole[:2], ("党树人", THEN, TODAY)]


def test_head_whose_households_were_handed_over_is_a_former_one(world: World) -> None:
    first, second = person(world), person(world, "钱树人", "13900000008")
    grid = grid_of(world, first, 1)
    hand_over(op_id=uuid4(), giver=first, taker=second, day=ONCE, by=world.user(Role.CADRE))
    assert told(grid) == [("党树人", LONG_AGO, ONCE), ("钱树人", ONCE, None)]


def test_page_keeps_what_was_dissolved_readable(world: World) -> None:
    first, second = person(world), person(world, "钱树人", "13900000008")
    grid = grid_of(world, first, 1, 2)
    another(world, grid, second, ONCE)
    dissolve(op_id=uuid4(), grid=grid, on=TODAY, by=world.user(Role.CADRE))
    cadre, way = world.client(Role.CADRE), reverse("past-micro-grids", args=[VILLAGE])
    assert way in cadre.get(reverse("micro-grids", args=[VILLAGE])).content.decode()
    text = "".join(cadre.get(way).content.decode().split())
    assert "水井边微网格" in text and f"{TODAY.year}年{TODAY.month}月{TODAY.day}日起撤销" in text
    day = f"{ONCE.year}年{ONCE.month}月{ONCE.day}日"
    assert f"党树人：{LONG_AGO.year}年{LONG_AGO.month}月{LONG_AGO.day}日起，到{day}（不含）" in text
    assert f"钱树人：{day}起" in text
    outside = "".join(world.client(Role.DEPARTMENT).get(way).content.decode().split())
    assert "水井边微网格" in outside and "党树人" not in outside and "换过1次网格长" in outside
    assert world.client(world.stranger(Role.CADRE)).get(way).status_code == 404


def test_page_asks_as_often_for_three(world: World) -> None:
    cadre, way, head = world.client(Role.CADRE), reverse("past-micro-grids", args=[VILLAGE]), person(world)

    def asked() -> int:
        cadre.get(way)
        with CaptureQueriesContext(connection) as found:
            cadre.get(way)
        return len(found)

    grid_of(world, head, 1)
    once = asked()
    grid_of(world, head, 2, name="东头微网格")
    another(world, grid_of(world, head, 3, name="西头微网格"), person(world, "钱树人"), ONCE)
    assert asked() == once == 6
