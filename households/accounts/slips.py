"""Slips with a user name and a one-time password, on their way to paper: kept sealed for some hours, for who made them, then gone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from households.files import papers
from households.models import User
from households.refusals import Refused
from households.sealing.sealing import Unreadable, seal, unseal

HOURS = 4
A_FILE = 200  # slips in one PDF: it is made while its reader waits
_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class AccountSlip:
    """What one piece of paper says."""

    display_name: str
    post: str
    username: str
    password: str
    until: str


def slip_of(user: User, password: str) -> AccountSlip:
    """The slip of a new account."""
    until = timezone.localtime(user.one_time_until) if user.one_time_until else None
    post = f"{user.place_name} {user.get_role_display()}"
    return AccountSlip(user.display_name, post, user.username, password, f"{until:%Y年%m月%d日 %H:%M}" if until else "")


def keep(slips: Sequence[AccountSlip], *, by: User) -> None:
    """Keep slips for `by`, behind those that wait already. Refused (503) while the cache is away: nothing is made then."""
    plain = json.dumps([asdict(one) for one in [*read(by=by), *slips]]).encode()
    sealed = seal(plain, bound_to=_owner(by))
    cache.set(_key(by), sealed, HOURS * 3600)
    if cache.get(_key(by)) != sealed:
        raise Refused("unavailable", "现在打印不了登录单，没有建立任何账号。", hint="请过一两分钟再办。", status=503)


def read(*, by: User) -> list[AccountSlip]:
    """The slips that wait for `by`."""
    sealed = cache.get(_key(by))
    try:
        plain = unseal(sealed, bound_to=_owner(by)) if sealed else b"[]"
    except Unreadable:
        return []
    return [AccountSlip(**fields) for fields in json.loads(plain)]


def forget(*, by: User) -> None:
    """Drop them: they are printed."""
    cache.delete(_key(by))


def _key(by: User) -> str:
    return f"account-slips:{by.pk}"


def _owner(by: User) -> bytes:
    return f"account slips of {by.pk}".encode()


def pdf(slips: Sequence[AccountSlip]) -> bytes:
    """Two beside each other, with lines to cut along; none goes over the end of a page."""
    papers.use_fonts()
    cells: list[list[Flowable] | str] = [_cell(one) for one in slips]
    cells += [""] * (-len(cells) % _COLUMNS)
    rows = [cells[at : at + _COLUMNS] for at in range(0, len(cells), _COLUMNS)]
    cut = (0.5, colors.HexColor("#74827c"), 1, (3, 3))
    lines = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), *cut),
            ("LINEABOVE", (0, 0), (-1, 0), *cut),
            ("LINEAFTER", (0, 0), (0, -1), *cut),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 4 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4 * mm),
        ]
    )
    table = Table(rows, [papers.WIDTH / _COLUMNS] * _COLUMNS, style=lines)
    return papers.pdf([table], name="登录单", foot="沿虚线裁开，当面交给本人")


def _cell(one: AccountSlip) -> list[Flowable]:
    return [
        papers.text(f"{one.display_name}　{one.post}", size=11, fontName=papers.BOLD),
        papers.text(f"网址：{settings.PUBLIC_URL}/accounts/sign-in/", size=8.5),
        papers.text(f"账号：{one.username}", size=11),
        papers.text(f"一次性密码：{one.password}", size=12, fontName=papers.BOLD),
        papers.text(f"{one.until}前有效。第一次登录要换成自己的密码，这张纸不要给别人看。", size=8.5),
    ]
