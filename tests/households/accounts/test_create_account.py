"""The first account of a new system comes from the command line."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from households.models import AuditEvent, User
from tests.world import COUNTY, TOWNSHIP, World


def run(*words: str) -> str:
    out = StringIO()
    call_command("create_account", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_first_administrator_gets_a_password_for_one_sign_in(world: World) -> None:
    said = run("first", "--name", "管理员", "--role", "system_admin", "--place", f"{COUNTY}000000")
    password = re.search("一次性密码：(.+)", said)[1]
    user = User.objects.get(username="first")
    assert user.check_password(password) and user.must_change_password
    assert AuditEvent.objects.filter(subject__contains="first").exists()


def test_department_is_found_by_its_own_code(world: World) -> None:
    assert "林业局" in run("forest", "--name", "职员", "--role", "department", "--place", "LYJ")


@pytest.mark.parametrize("place", ["999999", "43x", TOWNSHIP])
def test_wrong_place_is_refused_and_nothing_written(world: World, place: str) -> None:
    with pytest.raises(SystemExit) as refused:
        run("first", "--name", "管理员", "--role", "system_admin", "--place", place)
    assert refused.value.code == 1
    assert not User.objects.filter(username="first").exists()


def test_unknown_role_is_a_wrong_argument(db: None) -> None:
    with pytest.raises(CommandError):
        run("first", "--name", "管理员", "--role", "king", "--place", COUNTY)
