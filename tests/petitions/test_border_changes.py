"""Petitions when places change: they go on, and the rehearsal names them."""

from datetime import date

import pytest

from households.borders.actions.carrying import preview
from households.models import User
from households.roles import Role
from petitions.models import Petition
from tests.households.borders.orders import border_wish, ordered
from tests.petitions.desk import LUOPING, Desk
from tests.world import SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 3)


def told(world: World, *line: str) -> list[str]:
    return [one.sentence for one in preview(border_wish(DAY, line), by=world.user(Role.COUNTY_OFFICE))[1]]


def test_rehearsal_names_open_petitions_of_a_village_that_ends(world: World) -> None:
    desk = Desk(world)
    petition = desk.assigned()
    desk.closed()
    desk.accusation()
    assert any("停用的地方有 1 件没办结的信访事项" in one for one in told(world, VILLAGE, SISTER, ""))
    ordered(world.user(Role.COUNTY_OFFICE), DAY, (VILLAGE, SISTER, ""))
    assert desk.answer(desk.handle(petition)).place_id == VILLAGE


def test_rehearsal_tells_whose_petitions_want_another_unit(world: World) -> None:
    """The office hands them on when the new township is there; until then nothing of them is lost."""
    desk = Desk(world)
    petition, line = desk.assigned(LUOPING), (TOWNSHIP, "430726209", "新岭乡")
    assert any("停用的乡镇正在办 1 件信访事项" in one for one in told(world, *line))
    ordered(world.user(Role.COUNTY_OFFICE), DAY, line)
    desk.assign(petition, "division:430726209", note="乡镇改了编码")
    assert Petition.objects.visible_to(User.objects.get(username=Role.TOWNSHIP)).get() == petition
