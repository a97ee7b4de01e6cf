"""Who the caller is."""

import pytest

from households.permissions import ROLES
from households.roles import Role
from tests.world import HOME, TOWNSHIP, VILLAGE, World

ME = "/api/v1/me/"


@pytest.mark.parametrize("role", list(HOME))
def test_me_tells_role_place_and_permissions(world: World, role: str) -> None:
    told = world.client(role).get(ME).json()
    assert (told["username"], told["role"], told["place"]["code"]) == (role, role, HOME[role])
    assert told["permissions"] == sorted(ROLES[role])
    assert told["display_name"] == world.user(role).display_name


def test_me_tells_names_in_chinese(world: World) -> None:
    told = world.client(Role.TOWNSHIP).get(ME).json()
    assert (told["role_name"], told["place"]) == ("乡镇工作人员", {"code": TOWNSHIP, "name": "罗坪乡"})


def test_me_tells_a_department_its_villages(world: World) -> None:
    told = world.client(Role.DEPARTMENT).get(ME).json()
    assert told["place"] == {"code": "LYJ", "name": "林业局"}
    assert told["scope"] == [VILLAGE, world.sister.code]


def test_me_tells_nothing_secret(world: World) -> None:
    assert set(world.client(Role.CADRE).get(ME).json()) == {
        *("username", "display_name", "role", "role_name", "place", "scope", "permissions")
    }


def test_me_is_for_people_who_are_signed_in(world: World) -> None:
    answer = world.client().get(ME)
    assert answer.status_code == 401
    assert answer.json() == {"code": "not_authenticated", "detail": "请先登录。", "fields": {}}


def test_me_answers_get_only(world: World) -> None:
    answer = world.client(Role.CADRE).post(ME)
    assert answer.status_code == 405
    assert answer.json()["detail"] == "这个地址不支持这种请求。"
