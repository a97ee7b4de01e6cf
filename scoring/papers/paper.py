"""The blank sheet of a group on A4: a line a household, room to write, and the code that brings it back to the right page."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Table, TableStyle

from households.codes import serial_of
from households.files import papers, qr
from households.months import label
from scoring.batches.rules import ListedHousehold
from scoring.models import Clause, PaperSheet

_CODE = 25 * mm
_ROOM = 6  # empty lines behind the households, for the group itself and for second entries


def address(paper: PaperSheet) -> str:
    """What the code says: the page where the paper is keyed in."""
    return f"{settings.PUBLIC_URL}{reverse('paper-by-token', args=[paper.token])}"


def pdf(paper: PaperSheet, where: str, households: Sequence[ListedHousehold], clauses: Sequence[Clause]) -> bytes:
    """Names stand in full for those who printed it for their own group; only exceptions are written down."""
    papers.use_fonts()
    name = f"{where}{label(paper.period_id)}纸质台账"
    head = ("户号", "户主", "条款", "日期", "文书号", "说明")
    rows = [(serial_of(one.code), one.name, "", "", "", "") for one in households]
    rows += [("", "", "", "", "", "")] * _ROOM
    parts: list[Flowable] = [
        _heading(name, paper),
        papers.gap(1),
        papers.table(head, rows, [1, 1.4, 1.2, 1.2, 2, 3.2], size=10),
        papers.gap(2),
        papers.right("登记人签字：________________"),
        *_clauses(clauses),
    ]
    return papers.pdf(parts, name=name, foot=f"{name} · {paper.token}")


def _heading(name: str, paper: PaperSheet) -> Table:
    """What the sheet is and how it is filled in; its code beside that, so that the lines begin high on the page."""
    small = {"size": 9, "leading": 13}
    words: list[Flowable] = [
        papers.text(name, size=15, fontName=papers.BOLD),
        papers.text("只写有例外的户，一行一条；没有例外的空着。", **small),
        papers.text("写完请签字，拍照录入，再由另一个人对着照片录一遍。", **small),
        papers.text(f"扫码录入，编号 {paper.token}", **small),
    ]
    code = Image(io.BytesIO(qr.png(address(paper))), _CODE, _CODE)
    plain = TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("ALIGN", (1, 0), (1, 0), "RIGHT")])
    plain.add("LEFTPADDING", (0, 0), (-1, -1), 0)
    plain.add("RIGHTPADDING", (0, 0), (-1, -1), 0)
    return Table([[words, code]], [papers.WIDTH - _CODE - 4 * mm, _CODE + 4 * mm], style=plain)


def _clauses(clauses: Sequence[Clause]) -> Iterator[Flowable]:
    """What may be written down, a paragraph for each of the six."""
    for indicator, found in groupby(clauses, key=lambda clause: clause.indicator.name):
        known = "；".join(f"{clause.code} {clause.text}（{clause.get_kind_display()}）" for clause in found)
        yield papers.text(f"{indicator}：{known}。", size=8, leading=10.4, spaceBefore=0.5 * mm)
