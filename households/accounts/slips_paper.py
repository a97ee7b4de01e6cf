"""Slips of accounts on paper. What draws it is slow to load, so whoever only hands slips out does not know it."""

from collections.abc import Sequence

from django.conf import settings
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from households.accounts.slips import AccountSlip
from households.files import papers

_COLUMNS = 2


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
    valid = f"{one.until}前有效。" if one.until else ""
    return [
        papers.text(f"{one.display_name}　{one.post}", size=11, fontName=papers.BOLD),
        papers.text(f"网址：{settings.PUBLIC_URL}/accounts/sign-in/", size=8.5),
        papers.text(f"账号：{one.username}", size=11),
        papers.text(f"一次性密码：{one.password}", size=12, fontName=papers.BOLD),
        papers.text(f"{valid}第一次登录要换成自己的密码，这张纸不要给别人看。", size=8.5),
    ]
