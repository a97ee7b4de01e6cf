"""The first people of an empty system: by an address that works once, and sets name and password."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import AuditEvent, Division, SetUpAddress, User
from households.opening.actions import address_for, first_addresses
from households.roles import Role
from tests.audit_failure import audit_down
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
GIVEN = {
    "county_code": "431081000000",
    "county_name": "资兴市",
    "display_name": "郭开县",
    "username": "guokaixian",
    "password": PASSWORD,
    "again": PASSWORD,
}


def addresses() -> dict[Role, str]:
    return {role: re.sub(r"^https?://[^/]+", "", address) for role, address in first_addresses()}


def test_county_office_names_the_county_and_itself_once() -> None:
    address = addresses()[Role.COUNTY_OFFICE]
    page = Client().get(address)
    assert "首次设置：县六零办" in page.content.decode()
    assert page["Cache-Control"].startswith("private, no-store") or "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    answer = Client().post(address, GIVEN)
    assert "账号是 <strong>guokaixian</strong>（县六零办）" in answer.content.decode()
    user = User.objects.get()
    assert (user.role, user.division_id, user.must_change_password) == (Role.COUNTY_OFFICE, "431081", False)
    assert user.check_password(PASSWORD)
    assert list(Division.objects.values_list("code", "name")) == [("431081", "资兴市")]
    again = Client().post(address, GIVEN | {"username": "bieren"})
    assert again.status_code == 404
    assert User.objects.count() == 1


def test_second_post_finds_the_county_named() -> None:
    given = addresses()
    Client().post(given[Role.COUNTY_OFFICE], GIVEN)
    page = Client().get(given[Role.AUDITOR]).content.decode()
    assert "资兴市" in page
    assert "县的代码" not in page
    Client().post(given[Role.AUDITOR], GIVEN | {"username": "shenji", "display_name": "沈审计"})
    assert User.objects.get(username="shenji").role == Role.AUDITOR


def test_next_start_prints_only_who_is_missing_and_ends_the_earlier_addresses() -> None:
    given = addresses()
    Client().post(given[Role.COUNTY_OFFICE], GIVEN)
    later = addresses()
    assert set(later) == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
    assert Client().get(given[Role.AUDITOR]).status_code == 404
    assert Client().get(later[Role.AUDITOR]).status_code == 200


def test_system_with_people_prints_no_address(world: World) -> None:
    User.objects.filter(role=Role.AUDITOR).update(role=Role.SECURITY_ADMIN)
    assert addresses() == {}


def test_expired_address_opens_nothing() -> None:
    address = addresses()[Role.COUNTY_OFFICE]
    SetUpAddress.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(address, GIVEN).status_code == 404
    assert not User.objects.exists()


def test_only_a_digest_of_the_address_is_kept() -> None:
    secret = addresses()[Role.COUNTY_OFFICE].split("/")[-2]
    assert len(secret) >= 43
    assert not SetUpAddress.objects.filter(digest__contains=secret[:12]).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("county_code", "43108", "应为 6、9、12、14 或 18 位"),
        ("county_code", "431081001", "这里要县的代码"),
        ("county_code", "990525", "99 开头的代码只用于练习村"),
        ("password", "abc", "密码至少 10 位"),
        ("again", "andere", "两次输入的密码不一样"),
        ("username", "a b", "账号只能用汉字"),
    ],
)
def test_wrong_entry_is_named_and_uses_nothing_up(field: str, value: str, words: str) -> None:
    address = addresses()[Role.COUNTY_OFFICE]
    answer = Client().post(address, GIVEN | {field: value})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not User.objects.exists()
    assert not Division.objects.exists()
    assert "账号设好了" in Client().post(address, GIVEN).content.decode()


def test_nothing_is_made_while_the_log_is_down() -> None:
    address = addresses()[Role.COUNTY_OFFICE]
    with audit_down():
        Client().post(address, GIVEN)
    assert not User.objects.exists()
    assert SetUpAddress.objects.filter(used_at=None).count() == 4


def test_account_of_the_command_line_comes_in_by_an_address_too(world: World, capsys: pytest.CaptureFixture) -> None:
    call_command("create_account", "xinren", name="辛人", role="cadre", place=world.village.code)
    address = re.search(r"https?://[^/]+(/setup/\S+)", capsys.readouterr().out)
    assert address
    Client().post(address[1], {"display_name": "辛人", "password": PASSWORD, "again": PASSWORD})
    user = User.objects.get(username="xinren")
    assert (user.must_change_password, user.check_password(PASSWORD)) == (False, True)
    assert Client().get(address[1]).status_code == 404
    assert AuditEvent.objects.filter(action="account.come_in", subject="xinren").count() == 1


def test_address_of_an_account_ends_with_its_one_time_password(world: World) -> None:
    user = create_user(
        username="xinren", display_name="辛人", role=Role.CADRE, place=world.village, password=PASSWORD, by=None
    )
    address = address_for(user=user).partition("/setup/")[2]
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    answer = Client().get(f"/setup/{address}")
    assert (answer.status_code, "这个地址已经用过或者过期了" in answer.content.decode()) == (404, True)


def test_secret_of_an_address_is_not_written_into_the_log() -> None:
    from dongkou.logs import redact

    assert redact("GET /setup/abcdefghijk-_LMNOP/ 200") == "GET /setup/…/ 200"
