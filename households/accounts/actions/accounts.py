"""Accounts: the only door through which they are made, changed and closed, and where sign-ins are written down."""

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.accounts import followers, lockout
from households.accounts.actions import tenures
from households.accounts.actions.apart import check_apart
from households.accounts.actions.sessions import end_all
from households.codes import Level, is_level
from households.models import Department, Division, OutsideIdentity, TenureEnd, UsedPassword, User
from households.refusals import Refused
from households.register.former import former_places
from households.register.phones import encrypt, read_kept
from households.roles import HIGH, Role

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
    Role.SECURITY_ADMIN: Level.COUNTY,
    Role.AUDITOR: Level.COUNTY,
}
USED_PASSWORDS = 5  # the last ones are not taken again


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
    confirmed: User | None = None,
    phone: str = "",
    left: list[dict[str, object]] | None = None,
    digest: str = "",
) -> User:
    """A new account. Its owner must change `password` at first sign-in, unless it is a demo account.

    Refused: a place that does not fit the role or lies outside `by`'s county, a taken or odd name, a weak password; one
    of a high post that no second person has `confirmed` (`requests`), or whose owner holds one that must be another's
    (`apart`). `by` None is the command line, `left` the open work that comes with
    the post, `digest` that of a password which whoever makes many has drawn and hashed before.
    """
    _check_hands(role, by, confirmed)
    check_name(username)
    check_place(role, place, by)
    if not is_demo:
        check_apart(role=role, display_name=display_name, phone=phone, county=place.pk)
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        division=place if isinstance(place, Division) else None,
        department=place if isinstance(place, Department) else None,
        former_places=former_places(place.code) if isinstance(place, Division) else [],
        phone=encrypt(phone),
        is_demo=is_demo,
        must_change_password=not is_demo,
    )
    _hand_over(user, password, by, confirmed, digest)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise _name_taken(username) from taken
    tenures.begin(user, left)
    _record(by, "account.create", user, role=role, demo=is_demo, **_two(confirmed))
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: User) -> None:
    """The owner's own change. Ends their other sessions and API tokens; the caller keeps the present session alive.

    Refused for the password they have and for the last few that they had.
    """
    used = UsedPassword.objects.filter(user=user).order_by("-id")[:USED_PASSWORDS]
    if any(check_password(password, digest) for digest in (user.password, *(one.digest for one in used))):
        hint = "请换一个没有用过的密码。"
        raise Refused("password_used", "这个密码用过了。", hint=hint, fields={"password": "用过了"})
    UsedPassword.objects.create(user=user, digest=user.password)
    kept = UsedPassword.objects.filter(user=user).order_by("-id").values("pk")[:USED_PASSWORDS]
    UsedPassword.objects.filter(user=user).exclude(pk__in=kept).delete()
    _set(user, password)
    user.must_change_password, user.one_time_until = False, None
    user.save(update_fields=["password", "password_at", "must_change_password", "one_time_until"])
    end_all(user=user)
    _record(by, "account.change_password", user)


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None, confirmed: User | None = None) -> None:
    """A one-time password from the system admin: sessions, tokens and the identity at a provider end, a lock is lifted, a change
    is demanded.

    Of a high post only when a second person has `confirmed` it (`requests`), or from the command line.
    """
    _check_hands(user.role, by, confirmed)
    _hand_over(user, password, by, confirmed)
    user.must_change_password = True
    user.save(
        update_fields=["password", "password_at", "must_change_password", "one_time_until", "handed_by", "handed_at"]
    )
    end_all(user=user)
    OutsideIdentity.objects.filter(user=user).delete()  # whoever had the old password may have bound their own
    lockout.unlock(user)
    _record(by, "account.set_password", user, role=user.role, **_two(confirmed))


@transaction.atomic
def ask_for_change(*, user: User) -> None:
    """Demand a change of a password that has grown too old (settings; off unless the county wants it)."""
    old = timezone.now() - timedelta(days=settings.PASSWORD_DAYS)
    if settings.PASSWORD_DAYS and not user.is_demo and (user.password_at or user.created_at) < old:
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
        _record(None, "account.password_old", user, days=settings.PASSWORD_DAYS)


@transaction.atomic
def deactivate_user(*, user: User, by: User | None, successor: User | None = None) -> None:
    """Close an account at once. What it did keeps its name. Refused for the last system admin, and for one's own unless a
    `successor` has its post.
    """
    if by is not None and user.pk == by.pk and successor is None:
        raise Refused("own_account", "不能停用自己的账号。", hint="请由另一位系统管理员操作。")
    admins = list(User.objects.select_for_update().filter(role=Role.SYSTEM_ADMIN, is_active=True).order_by("pk"))
    if admins == [user]:
        raise Refused(
            "last_admin", "这是最后一个系统管理员账号，停用后就没有人能管理账号了。", hint="请先新建另一位系统管理员。"
        )
    _switch(user, active=False)
    end_all(user=user)
    OutsideIdentity.objects.filter(user=user).delete()  # the person may bind it to an account of another post
    tenures.end(user, TenureEnd.HANDED if successor else TenureEnd.RETIRED, successor)
    if successor is not None:
        followers.taken(user, successor, by)
    _record(by, "account.deactivate", user, role=user.role, successor=successor.username if successor else "")


@transaction.atomic
def activate_user(*, user: User, by: User | None, confirmed: User | None = None) -> None:
    """Open a closed account again, with the password it had and none of its sessions. High posts need two (`requests`)."""
    _check_hands(user.role, by, confirmed)
    check_apart(
        role=user.role, display_name=user.display_name, phone=read_kept(user.phone), county=user.division_id, but=user
    )
    _switch(user, active=True)
    tenures.begin(user)
    _record(by, "account.activate", user, role=user.role, **_two(confirmed))


@transaction.atomic
def note_sign_in(*, by: User, through_provider: bool = False) -> None:
    """Write down that somebody signed in."""
    _record(by, "account.sign_in", by, **({"provider": True} if through_provider else {}))


@transaction.atomic
def note_sign_out(*, by: User) -> None:
    """Write down that somebody signed out."""
    _record(by, "account.sign_out", by)


@transaction.atomic
def note_failed_sign_in(*, username: str, locked: bool, failed: int = 1) -> None:
    """Write down that sign-ins failed (`failed` until now), naming the account only when there is one of that name.

    What was typed is not kept otherwise: it may be a password in the wrong box. Nobody proved who they are, so the line
    has no account as its actor.
    """
    user = User.objects.filter(username=username).first()
    place = (user.division_id or "") if user else ""
    line = audit.line(None, "account.sign_in_failed", place=place, subject=user or "", locked=locked, failed=failed)
    line.actor, line.role = audit.ANONYMOUS, ""
    audit.record_all([line])


@transaction.atomic
def note_spraying(*, names: int) -> None:
    """Write down that somebody tries passwords at many names from one address."""
    line = audit.line(None, "account.spraying", names=names)
    line.actor, line.role = audit.ANONYMOUS, ""
    audit.record_all([line])


def _check_hands(role: str, by: User | None, confirmed: User | None) -> None:
    if role in HIGH and by is not None and confirmed in (None, by):
        hint = "请在“要职账号”里提出申请，由安全管理员或另一位系统管理员确认。"
        raise Refused("two_hands", f"{Role(role).label}的账号要两个人经手，不能一个人办。", hint=hint, status=403)


def _two(confirmed: User | None) -> dict[str, str]:
    return {"confirmed": confirmed.username} if confirmed else {}


def _hand_over(user: User, password: str, by: User | None, confirmed: User | None, digest: str = "") -> None:
    """Give a password that others know: for so many hours, and with the name of who alone knows it."""
    if digest:
        user.password, user.password_at = digest, timezone.now()
    else:
        _set(user, password)
    user.one_time_until = None if user.is_demo else timezone.now() + timedelta(hours=settings.ONE_TIME_HOURS)
    user.handed_by, user.handed_at = None if confirmed else by, timezone.now()


def check_name(username: str) -> None:
    """Refuse a user name that is odd or taken."""
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


def check_place(role: str, place: Division | Department, by: User | None) -> None:
    """Refuse a place that does not fit the role, or lies outside the county of `by`."""
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
    user.password_at = timezone.now()


def _switch(user: User, *, active: bool) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Refused("already", f"账号{user.username}已经是{'启用' if active else '停用'}状态。", status=409)
    user.is_active = active


def _record(by: User | None, action: str, user: User, **detail: object) -> None:
    audit.record(by, action, place=user.division_id or "", subject=user, **detail)
