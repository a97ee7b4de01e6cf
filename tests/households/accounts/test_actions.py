"""The door of accounts: each exit, and the line each action leaves in the audit log."""

import pytest
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from households.accounts.actions import accounts
from households.models import AuditEvent, User
from households.refusals import Refused
from households.roles import Role
from tests.audit_failure import audit_down
from tests.world import PASSWORD, World

NEW = "Chuntian-2025"


def make(world: World, **changed: object) -> User:
    given = {
        "username": "zhangsan",
        "display_name": "张三",
        "role": Role.CADRE,
        "place": world.village,
        "password": PASSWORD,
        "by": world.user(Role.SYSTEM_ADMIN),
    }
    return accounts.create_user(**(given | changed))


def last_line() -> AuditEvent:
    return AuditEvent.objects.order_by("-id")[0]


def test_new_account_must_change_its_password(world: World) -> None:
    user = make(world)
    assert user.must_change_password
    assert user.check_password(PASSWORD)
    assert user.division == world.village


def test_new_demo_account_need_not_change_its_password(world: World) -> None:
    assert not make(world, is_demo=True).must_change_password


def test_new_account_is_written_down_with_place_and_role(world: World) -> None:
    make(world)
    line = last_line()
    assert (line.actor, line.action, line.place, line.subject) == (
        "system_admin",
        "account.create",
        world.village.code,
        "zhangsan",
    )
    assert line.detail["role"] == "cadre"


def test_password_never_reaches_the_audit_log(world: World) -> None:
    user = make(world)
    accounts.set_password(user=user, password=NEW, by=world.user(Role.SYSTEM_ADMIN))
    lines = [f"{line.subject}{line.detail}" for line in AuditEvent.objects.all()]
    assert not any(PASSWORD in line or NEW in line for line in lines)


@pytest.mark.parametrize("username", ["", "a", "x" * 51, "has blank", "semi;colon", "斜/杠"])
def test_odd_username_is_refused(world: World, username: str) -> None:
    with pytest.raises(Refused) as refused:
        make(world, username=username)
    assert refused.value.code == "username"


@pytest.mark.parametrize("username", ["cadre", "CADRE"])
def test_taken_username_is_refused_whatever_its_case(world: World, username: str) -> None:
    with pytest.raises(Refused) as refused:
        make(world, username=username)
    assert refused.value.code == "username_taken"


def test_two_admins_creating_one_name_at_once_leave_one_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    make(world)
    monkeypatch.setattr(accounts, "check_name", lambda _name: None)  # as if both had looked before either wrote
    with pytest.raises(Refused) as refused:
        make(world)
    assert refused.value.code == "username_taken"
    assert User.objects.filter(username="zhangsan").count() == 1


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.CADRE, "township"), (Role.TOWNSHIP, "village"), (Role.DEPARTMENT, "county"), (Role.AUDITOR, "township")],
)
def test_place_of_another_level_is_refused(world: World, role: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        make(world, role=role, place=getattr(world, place), by=None)
    assert refused.value.code == "place"


def test_department_cannot_have_a_cadre(world: World) -> None:
    with pytest.raises(Refused, match="要属于一个村"):
        make(world, place=world.user(Role.DEPARTMENT).department)


def test_department_account_belongs_to_its_department(world: World) -> None:
    department = world.user(Role.DEPARTMENT).department
    user = make(world, role=Role.DEPARTMENT, place=department)
    assert (user.division_id, user.department) == (None, department)


def test_place_outside_the_admins_county_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        make(world, by=world.user(Role.CADRE), place=world.strange)
    assert refused.value.code == "place_elsewhere"


def test_weak_password_is_refused_and_nothing_written(world: World) -> None:
    with pytest.raises(Refused) as refused:
        make(world, password="zhangsan")
    assert refused.value.code == "password_weak"
    assert not User.objects.filter(username="zhangsan").exists()


def test_changed_password_ends_the_duty_and_the_tokens(world: World) -> None:
    user = make(world)
    AuthToken.objects.create(user)
    accounts.change_password(user=user, password=NEW, by=user)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not user.must_change_password
    assert not AuthToken.objects.filter(user=user).exists()


def test_same_password_again_is_refused(world: World) -> None:
    user = make(world)
    with pytest.raises(Refused) as refused:
        accounts.change_password(user=user, password=PASSWORD, by=user)
    assert refused.value.code == "password_used"


def test_one_time_password_demands_a_change_and_ends_tokens(world: World) -> None:
    user = world.user(Role.CADRE)
    AuthToken.objects.create(user)
    accounts.set_password(user=user, password=NEW, by=world.user(Role.SYSTEM_ADMIN))
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.must_change_password
    assert not AuthToken.objects.filter(user=user).exists()


def test_deactivated_account_keeps_what_it_did(world: World) -> None:
    event = world.record(world.household.code, "WJ02")
    accounts.deactivate_user(user=world.user(Role.CADRE), by=world.user(Role.SYSTEM_ADMIN))
    event.refresh_from_db()
    assert event.recorded_by == world.user(Role.CADRE)
    assert not event.recorded_by.is_active


def test_own_account_cannot_be_deactivated(world: World) -> None:
    admin = world.user(Role.SYSTEM_ADMIN)
    with pytest.raises(Refused) as refused:
        accounts.deactivate_user(user=admin, by=admin)
    assert refused.value.code == "own_account"


def test_last_system_admin_cannot_be_deactivated(world: World) -> None:
    with pytest.raises(Refused) as refused:
        accounts.deactivate_user(user=world.user(Role.SYSTEM_ADMIN), by=None)
    assert refused.value.code == "last_admin"


def test_one_of_two_system_admins_can_be_deactivated(world: World) -> None:
    second = make(world, role=Role.SYSTEM_ADMIN, place=world.county, by=None)
    accounts.deactivate_user(user=second, by=world.user(Role.SYSTEM_ADMIN))
    assert not User.objects.get(pk=second.pk).is_active


def test_deactivating_twice_is_refused_the_second_time(world: World) -> None:
    user = world.user(Role.CADRE)
    accounts.deactivate_user(user=user, by=None)
    with pytest.raises(Refused, match="已经是停用状态"):
        accounts.deactivate_user(user=user, by=None)


def test_activated_account_works_again(world: World) -> None:
    user = world.user(Role.CADRE)
    accounts.deactivate_user(user=user, by=None)
    accounts.activate_user(user=user, by=None)
    assert User.objects.get(pk=user.pk).is_active
    assert last_line().action == "account.activate"


def test_failed_sign_in_names_a_known_account(world: World) -> None:
    accounts.note_failed_sign_in(username="cadre", locked=False)
    line = last_line()
    assert (line.actor, line.role, line.subject, line.place) == ("未登录", "", "cadre", world.village.code)


def test_failed_sign_in_does_not_keep_what_was_typed(world: World) -> None:
    accounts.note_failed_sign_in(username="my-secret-password", locked=False)
    line = last_line()
    assert (line.subject, line.place) == ("", "")
    assert "my-secret" not in str(line.detail)


ACTIONS = {
    "create": make,
    "change": lambda world: accounts.change_password(user=world.user("cadre"), password=NEW, by=world.user("cadre")),
    "set": lambda world: accounts.set_password(user=world.user("cadre"), password=NEW, by=None),
    "deactivate": lambda world: accounts.deactivate_user(user=world.user("cadre"), by=None),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_action_changes_nothing_when_its_audit_line_fails(world: World, name: str) -> None:
    before = list(User.objects.order_by("pk").values())
    with audit_down():
        ACTIONS[name](world)
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "emperor"},
        {"role": Role.CADRE, "division_id": "430726"},
        {"role": Role.DEPARTMENT, "division_id": "430726201201"},
        {"role": Role.AUDITOR, "division_id": None},
    ],
)
def test_database_refuses_a_role_in_the_wrong_place(world: World, changed: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(username="cadre").update(**changed)
