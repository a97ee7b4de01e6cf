"""Accounts as posts: corrected, moved to another post, handed over to who comes next.

Whoever moves or leaves is out at once: sessions and tokens end in the same transaction. High posts are handed over by two
(`requests`); nobody moves into one or out of one.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from households import audit
from households.accounts import followers
from households.accounts.actions import accounts, tenures
from households.accounts.actions.apart import check_apart
from households.accounts.actions.sessions import end_all
from households.house.waiting import waiting_for
from households.models import Department, Division, TenureEnd, User
from households.refusals import Refused
from households.register.former import former_places
from households.register.phones import encrypt, read_kept
from households.roles import HIGH, Role


@transaction.atomic
def correct_user(*, user: User, display_name: str, phone: str, by: User | None) -> list[str]:
    """Another name or telephone for the same person at the same post. Returns what changed; nothing is written for nothing."""
    wanted = {"display_name": display_name, "phone": phone}
    known = {"display_name": user.display_name, "phone": read_kept(user.phone)}
    changed = [name for name, value in wanted.items() if value != known[name]]
    if not changed:
        return []
    check_apart(role=user.role, display_name=display_name, phone=phone, county=user.division_id, but=user)
    user.display_name = display_name
    if "phone" in changed:
        user.phone = encrypt(phone)
    user.save(update_fields=changed)
    followers.corrected(user, known, by)
    before = known["display_name"] if "display_name" in changed else ""
    _record(by, "account.correct", user, before=before, phone_changed="phone" in changed)
    return changed


@transaction.atomic
def move_user(
    *,
    user: User,
    role: str,
    place: Division | Department,
    by: User | None,
    reason: str = "",
    left: list[dict[str, object]] | None = None,
) -> None:
    """The same person at another post, from now on and with the same user name. Sessions and tokens end.

    Refused for high posts on either side: they are made anew by two, and the old account is closed.
    """
    if {user.role, role} & HIGH:
        hint = "请在“要职账号”里申请新的账号，再停用旧的。"
        raise Refused("two_hands", "要职不能这样调动，要两个人经手。", hint=hint, status=403)
    if not user.is_active:
        raise Refused("closed", f"账号{user.username}已经停用，请先启用。", status=409)
    accounts.check_place(role, place, by)
    before = f"{user.get_role_display()} {user.place_name}"
    division, department = (place, None) if isinstance(place, Division) else (None, place)
    if (user.role, user.division, user.department) == (role, division, department):
        raise Refused("same_post", "就是现在的岗位，没有变动。", status=409)
    user.role, user.division, user.department = role, division, department
    user.former_places = former_places(user.division_id or "")
    user.save(update_fields=["role", "division", "department", "former_places"])
    end_all(user=user)
    tenures.end(user, TenureEnd.MOVED)
    tenures.begin(user, left)
    _record(by, "account.move", user, role=role, before=before, reason=reason)


@transaction.atomic
def hand_over(
    *,
    user: User,
    by: User,
    reason: str,
    to: User | None = None,
    username: str = "",
    display_name: str = "",
    phone: str = "",
    password: str = "",
) -> User:
    """Another person takes the post, with its open work; who held it is out. All of it or nothing.

    `to` has an account already and leaves their own post for this one; without it a new account is made.
    """
    if user.role in HIGH:
        raise Refused("two_hands", f"{Role(user.role).label}的岗位要两个人经手移交。", status=403)
    place = user.department or user.division
    if not user.is_active or place is None:
        raise Refused("closed", f"账号{user.username}已经停用。", hint="请直接新建账号。", status=409)
    left = open_work(user)
    if to is not None:
        move_user(user=to, role=user.role, place=place, by=by, reason=reason, left=left)
    else:
        person: dict[str, Any] = {
            "username": username,
            "display_name": display_name,
            "phone": phone,
            "password": password,
        }
        to = accounts.create_user(**person, role=user.role, place=place, by=by, left=left)
    accounts.deactivate_user(user=user, by=by, successor=to)
    _record(by, "account.hand_over", user, role=user.role, successor=to.username, waiting=len(left), reason=reason)
    return to


def open_work(user: User) -> list[dict[str, object]]:
    """What waits for this person now, as every room says it on their home page, and what stays theirs without the post."""
    found = waiting_for(user, timezone.localdate())
    waits: list[dict[str, object]] = [{"what": one.what, "number": one.shown, "url": one.url} for one in found]
    return waits + followers.left_by(user)


def _record(by: User | None, action: str, user: User, **detail: object) -> None:
    audit.record(by, action, place=user.division_id or "", subject=user, **detail)
