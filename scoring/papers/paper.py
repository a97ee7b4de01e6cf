"""The blank sheet of a group on A4: a line a household, room to write, and the code that brings it back to the right page."""

import io
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image

from households.codes import serial_of
from households.files import papers, qr
from households.months import label
from scoring.batches.rules import ListedHousehold
from scoring.models import Clause, PaperSheet

_CODE = 28 * mm
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
    known = "；".join(f"{clause.code} {clause.text}（{clause.get_kind_display()}）" for clause in clauses)
    parts: list[Flowable] = [
        papers.title(name, size=15),
        Image(io.BytesIO(qr.png(address(paper))), _CODE, _CODE),
        papers.small(f"扫码录入，编号 {paper.token}"),
        papers.small("只写有例外的户，一行一条；没有例外的空着。写完请签字，拍照录入，再由另一个人对着照片录一遍。"),
        papers.table(head, rows, [1, 1.4, 1.2, 1.2, 2, 3.2]),
        papers.gap(3),
        papers.small(f"条款：{known}"),
        papers.right("登记人签字：________________"),
    ]
    return papers.pdf(parts, name=name, foot=f"{name} · {paper.token}")
