"""The guide of each post names every entry of its menu, and is one step from every page; so is the villagers'."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from households.house.navigation import entries
from households.roles import Role
from tests.answers import text_in
from tests.plates import own_plate
from tests.world import World


def named(page: str) -> list[str]:
    """What the guide explains, entry by entry."""
    return re.findall(r"<dt>([^<]+)</dt>", page)


@pytest.mark.parametrize("role", list(Role))
def test_guide_names_every_entry_of_the_menu_and_no_other(world: World, role: Role) -> None:
    user = world.user(role)
    page = world.client(user).get(reverse("own-guide")).content.decode()
    menu = {entry.label for entry in entries(user, "", "own-guide")}
    assert sorted({*named(page)} ^ menu) == []
    rooms = {room.label for entry in entries(user, "", "own-guide") for room in entry.rooms}
    assert [label for label in sorted(rooms) if f"“{label}”" not in page] == []


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_staff_leads_to_the_own_guide(world: World, role: Role) -> None:
    page = world.client(role).get(reverse("own-post")).content.decode()
    assert page.count(f'href="{reverse("own-guide")}"') == 2  # menu and foot
    assert f"怎么用：{role.label}" in world.client(role).get(reverse("own-guide")).content.decode()


def test_guide_of_another_post_is_read_by_all_of_the_staff_and_of_none_is_not_found(world: World) -> None:
    client = world.client(Role.CADRE)
    assert "怎么用：乡镇工作人员" in client.get(reverse("guide", args=["township"])).content.decode()
    assert client.get(reverse("guide", args=["nobody"])).status_code == 404


def test_household_finds_its_guide_from_every_page_behind_the_plate(world: World) -> None:
    plate, _pin = own_plate(world.household)
    address = reverse("villager-guide")
    assert f'href="{address}"' in Client().get(reverse("plate", args=[plate.token])).content.decode()
    page = text_in(Client().get(address).content)
    assert all(word in page for word in ("积分超市", "我家的信息", "反映问题", "一律不扣分"))
