"""Who reads which figures."""

import pytest

from households.codes import Level
from households.models import Linkage
from households.roles import Role
from scoring.readers import Reader
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

G1, G2 = f"{VILLAGE}01", f"{VILLAGE}02"
H1, H2 = f"{G1}0001", f"{G2}0001"
ALL = [COUNTY, TOWNSHIP, OTHER_TOWNSHIP, VILLAGE, SISTER, STRANGE, G1, G2, f"{SISTER}01", H1, H2, f"{SISTER}010001"]


def reader(world: World, role: str) -> Reader:
    return Reader(world.user(role))


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        (Role.GROUP_LEADER, [COUNTY, TOWNSHIP, VILLAGE, G1, H1]),
        (Role.CADRE, [COUNTY, TOWNSHIP, VILLAGE, G1, G2, H1, H2]),
        (Role.SUPERVISOR, [COUNTY, TOWNSHIP, VILLAGE, G1, G2, H1, H2]),
        (Role.TOWNSHIP, [COUNTY, TOWNSHIP, VILLAGE, SISTER, G1, G2, f"{SISTER}01", H1, H2, f"{SISTER}010001"]),
        (Role.DEPARTMENT, [COUNTY, TOWNSHIP, VILLAGE, SISTER, G1, G2, f"{SISTER}01", H1, H2, f"{SISTER}010001"]),
        (Role.PETITION_OFFICE, ALL),
        (Role.COUNTY_OFFICE, ALL),
    ],
)
def test_figures_are_opened_in_the_own_subtree_and_above(world: World, role: str, opens: list[str]) -> None:
    assert [code for code in ALL if reader(world, role).may_open(code)] == opens


def test_household_code_that_is_the_prefix_of_nothing_is_not_opened(world: World) -> None:
    assert not reader(world, Role.GROUP_LEADER).may_open(f"{G2}0009")


@pytest.mark.parametrize(
    ("role", "group", "village"),
    [
        (Role.GROUP_LEADER, VILLAGE, COUNTY),
        (Role.CADRE, VILLAGE, COUNTY),
        (Role.TOWNSHIP, TOWNSHIP, COUNTY),
        (Role.COUNTY_OFFICE, COUNTY, COUNTY),
        (Role.DEPARTMENT, COUNTY, COUNTY),
    ],
)
def test_own_ranking_is_held_where_it_means_something(world: World, role: str, group: str, village: str) -> None:
    found = reader(world, role)
    assert (found.own_place(Level.GROUP), found.own_place(Level.VILLAGE)) == (group, village)
    assert (found.own_place(Level.TOWNSHIP), found.own_place(Level.COUNTY)) == (COUNTY, "")


def test_villages_are_compared_in_the_whole_county(world: World) -> None:
    cadre = reader(world, Role.CADRE)
    assert cadre.may_compare(Level.VILLAGE, OTHER_TOWNSHIP)
    assert cadre.sees(Level.VILLAGE, STRANGE)
    assert not cadre.may_compare(Level.VILLAGE, "430727")
    assert not cadre.sees(Level.VILLAGE, "430727101201")


def test_groups_are_compared_in_the_own_subtree(world: World) -> None:
    cadre = reader(world, Role.CADRE)
    assert cadre.may_compare(Level.GROUP, VILLAGE)
    assert cadre.may_compare(Level.GROUP, COUNTY)
    assert not cadre.may_compare(Level.GROUP, SISTER)
    assert cadre.sees(Level.GROUP, G2)
    assert not cadre.sees(Level.GROUP, f"{SISTER}01")


def test_department_belongs_to_the_counties_of_its_links(world: World) -> None:
    assert reader(world, Role.DEPARTMENT).counties == (COUNTY,)


def test_department_keeps_its_county_when_its_links_have_ended(world: World) -> None:
    Linkage.objects.update(to_month="2023-12")
    found = reader(world, Role.DEPARTMENT)
    assert found.counties == (COUNTY,)
    assert not found.may_open(VILLAGE)


def test_department_without_any_link_has_no_county(world: World) -> None:
    Linkage.objects.all().delete()
    found = reader(world, Role.DEPARTMENT)
    assert (found.counties, found.own_place(Level.VILLAGE)) == ((), "")
    assert not found.sees(Level.VILLAGE, VILLAGE)


def test_petition_entries_are_read_by_two_offices(world: World) -> None:
    readers = {role for role in world.people if reader(world, role).reads_petition_entries}
    assert readers == {Role.PETITION_OFFICE, Role.COUNTY_OFFICE}


def test_rankings_are_read_by_those_who_hold_the_right(world: World) -> None:
    unread = {role for role in world.people if not reader(world, role).may_read}
    assert unread == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
