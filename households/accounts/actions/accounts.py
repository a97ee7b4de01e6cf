"""Accounts: the only door through which they are made, changed and closed, and where sign-ins are written down."""

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from households import audit
from households.accounts import lockout
from households.codes import Level, is_level
from households.models import Department, Division, User
from households.refusals import Refused
from households.roles import Role

USERNAME = re.compile(r"[\w.-]{2,50}")
# The level of the division that each role belongs to; a department's people belong to their department.
PLACE_LEVEL: dict[str, Level] = {
    Role.GROUP_LEADER: Level.GROUP,
    Role.CADRE: Level.VILLAGE,
    Role.SUPERVISOR: Level.VILLAGE,
    Role.TOWNSHIP: Level.TOWNSHIP,
    Role.PETITION_OFFICE: Level.COUNTY,
    Role.COUNTY_OFFICE: Level.COUNTY,
    Role.SYSTEM_ADMIN: Level.COUNTY,
    Role.AUDITOR: Level.COUNTY,
}
ANONYMOUS = "未登录"


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    role: str,
    place: Division | Department,
    password: str,
    by: User | None,
    is_demo: bool = False,
) -> User:
    """A new account. Its owner must change `password` at first sign-in, unless it is a demo account.

    Refused: a place that does not fit the role or lies outside `by`'s county, a taken or odd name, a weak password.
    """
    _check_name(username)
    _check_place(role, place, by)
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        division=place if isinstance(place, Division) else None,
        department=place if isinstance(place, Department) else None,
        is_demo=is_demo,
        must_change_password=not is_demo,
    )
    _set(user, password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise _name_taken(username) from taken
    _record(by, "account.create", user, role=role, demo=is_demo)
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: User) -> None:
    """The owner's own change. Ends their API tokens; the caller keeps the present session alive."""
    if user.check_password(password):
        raise Refused(
            "password_same", "新密码和原来的一样。", hint="请换一个新的密码。", fields={"password": "和原来一样"}
        )
    _set(user, password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _end_tokens(user)
    _record(by, "account.change_password", user)


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None) -> None:
    """A one-time password from the system admin: sessions and tokens end, a lock is lifted, a change is demanded."""
    _set(user, password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _end_tokens(user)
    lockout.unlock(user)
    _record(by, "account.set_password", user)


@transaction.atomic
def deactivate_user(*, user: User, by: User | None) -> None:
    """Close an account at once. What it did keeps its name. Refused for one's own and for the last system admin."""
    if by is not None and user.pk == by.pk:
        raise Refused("own_account", "不能停用自己的账号。", hint="请由另一位系统管理员操作。")
    admins = list(User.objects.select_for_update().filter(role=Role.SYSTEM_ADMIN, is_active=True).order_by("pk"))
    if admins == [user]:
        raise Refused(
            "last_admin", "这是最后一个系统管理员账号，停用后就没有人能管理账号了。", hint="请先新建另一位系统管理员。"
        )
    _switch(user, active=False)
    _end_tokens(user)
    _record(by, "account.deactivate", user)


@transaction.atomic
def activate_user(*, user: User, by: User | None) -> None:
    """Open a closed account again, with the password it had."""
    _switch(user, active=True)
    _record(by, "account.activate", user)


@transaction.atomic
def note_sign_in(*, by: User) -> None:
    """Write down that somebody signed in."""
    _record(by, "account.sign_in", by)


@transaction.atomic
def note_sign_out(*, by: User) -> None:
    """Write down that somebody signed out."""
    _record(by, "account.sign_out", by)


@transaction.atomic
def note_failed_sign_in(*, username: str, locked: bool) -> None:
    """Write down a failed sign-in, naming the account only when there is one of that name.

    What was typed is not kept otherwise: it may be a password in the wrong box. Nobody proved who they are, so the line
    has no account as its actor.
    """
    user = User.objects.filter(username=username).first()
    place = (user.division_id or "") if user else ""
    line = audit.line(None, "account.sign_in_failed", place=place, subject=user or "", locked=locked)
    line.actor, line.role = ANONYMOUS, ""
    audit.record_all([line])


def _check_name(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise Refused(
            "username",
            "账号只能用汉字、字母、数字和 . _ -，2 到 50 个字。",
            fields={"username": "含有不能用的字或长度不对"},
        )
    if User.objects.filter(username__iexact=username).exists():
        raise _name_taken(username)


def _name_taken(username: str) -> Refused:
    return Refused(
        "username_taken", f"账号“{username}”已经有了。", hint="请换一个账号名。", fields={"username": "已经有了"}
    )


def _check_place(role: str, place: Division | Department, by: User | None) -> None:
    level = PLACE_LEVEL.get(role)  # none for a department's people
    if isinstance(place, Department) is not (level is None) or (level and not is_level(place.code, level)):
        wanted = level.label if level else "县直部门"
        raise Refused("place", f"{Role(role).label}要属于一个{wanted}。", fields={"place": f"应是{wanted}"})
    if by is not None and isinstance(place, Division) and not by.scope.covers(place.code):
        raise Refused("place_elsewhere", f"{place.name}不在您的管理范围内。", fields={"place": "不在范围内"})


def _set(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused("password_weak", "".join(weak.messages), fields={"password": "".join(weak.messages)}) from weak
    user.set_password(password)


def _switch(user: User, *, active: bool) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Refused("already", f"账号{user.username}已经是{'启用' if active else '停用'}状态。", status=409)
    user.is_active = active


def _end_tokens(user: User) -> None:
    AuthToken.objects.filter(user=user).delete()


def _record(by: User | None, action: str, user: User, **detail: object) -> None:
    audit.record(by, action, place=user.division_id or "", subject=user, **detail)
