"""The first people of a county come in: each by an address of their own, which works once and not for long.

Whoever stands at the server hands the four addresses to four people: the county office, and the three who watch each other.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from households import audit
from households.accounts.actions import accounts
from households.codes import INVENTED, CodeError, Level, is_level, parse
from households.models import Division, SetUpAddress, User
from households.refusals import Refused
from households.roles import Role

FIRST = (Role.COUNTY_OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
MAX_NAME = 60
_OVER = Refused(
    "address_over",
    "这个地址已经用过或者过期了。",
    hint="用过的，请直接登录；过期的，请机房重新启动系统或用 create_account 命令再打印一个。",
    status=404,
)


@transaction.atomic
def first_addresses() -> Iterator[tuple[Role, str]]:
    """A fresh address for each first post that nobody holds, on a system in which nobody was before; earlier ones end."""
    return iter([(role, _make(role)) for role in _vacant()])


def _vacant() -> list[Role]:
    begun = set(SetUpAddress.objects.filter(user=None).values_list("role", flat=True))
    held = set(User.objects.values_list("role", flat=True).distinct())
    if held and not begun:
        return []  # these people came in otherwise
    return [role for role in FIRST if role not in held]


@transaction.atomic
def address_for(*, user: User) -> str:
    """A set-up address of an account that still has its one-time password; earlier ones of it end."""
    return _make(Role(user.role), user)


def _make(role: Role, user: User | None = None) -> str:
    now = timezone.now()
    SetUpAddress.objects.filter(role=role, user=user, used_at=None).update(expires_at=now)
    secret = secrets.token_urlsafe(32)
    until = now + timedelta(hours=settings.ONE_TIME_HOURS)
    SetUpAddress.objects.create(digest=_digest(secret), role=role, user=user, expires_at=until)
    audit.record(None, "account.set_up_address", subject=user or "", role=role)
    return f"{settings.PUBLIC_URL}/setup/{secret}/"


def find(secret: str) -> SetUpAddress:
    """The address that still works. Refused for any other, whatever is wrong with it."""
    found = SetUpAddress.objects.select_related("user").filter(digest=_digest(secret), used_at=None)
    address = found.filter(expires_at__gt=timezone.now()).first()
    if address is None or (address.user and not _is_waiting(address.user)):
        raise _OVER
    return address


def _is_waiting(user: User) -> bool:
    return user.is_active and user.must_change_password


def county() -> Division | None:
    """The county of this system, once it is named; None too where there are several."""
    found = list(Division.objects.of_level(Level.COUNTY)[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def come_in(
    *, secret: str, username: str, display_name: str, password: str, county_code: str = "", county_name: str = ""
) -> User:
    """Use an address up: the account is made (or its password set), and the county named where nobody has named it."""
    address = find(secret)
    user = address.user
    if user is None:
        if User.objects.filter(role=address.role).exists():
            raise _OVER
        place = _place(county_code, county_name)
        user = accounts.create_user(
            username=username, display_name=display_name, role=address.role, place=place, password=password, by=None
        )
        User.objects.filter(pk=user.pk).update(must_change_password=False, one_time_until=None)
    else:
        User.objects.filter(pk=user.pk).update(display_name=display_name)
        accounts.change_password(user=user, password=password, by=user)
    now = timezone.now()
    waits = SetUpAddress.objects.filter(pk=address.pk, used_at=None, expires_at__gt=now)
    if not waits.update(used_at=now, used_by=user):
        raise _OVER
    audit.record(user, "account.come_in", place=user.division_id or "", subject=user, role=user.role)
    return user


def _place(code: str, name: str) -> Division:
    """The county; made of what was typed in a system that has no division yet."""
    if found := county():
        return found
    try:
        wanted = parse(code)
    except CodeError as fault:
        raise Refused("county_code", f"{fault}。", fields={"county_code": str(fault)}) from fault
    if not is_level(wanted, Level.COUNTY):
        raise Refused("county_code", "这里要县的代码。", fields={"county_code": "应是 6 位县级代码"})
    if wanted.startswith(INVENTED):
        said = f"{INVENTED} 开头的代码只用于练习村"
        raise Refused("county_code", f"{said}，没有这样的县。", fields={"county_code": said})
    if Division.objects.exists():
        known = Division.objects.filter(code=wanted).first()
        if known is None:
            raise Refused("county_code", "没有这个县。", fields={"county_code": "没有这个县"})
        return known
    if not name.strip():
        raise Refused("county_name", "请填县名。", fields={"county_name": "必填"})
    made = Division.objects.create(code=wanted, name=name.strip()[:MAX_NAME])
    audit.record(None, "county.name", place=wanted, subject=made.name)
    return made


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
