"""Plates, PIN slips and lists to sign as PDF, for whole places: drawn cell by cell, for a county has two hundred thousand.

The same papers as the pages of a village print: plates 63 by 54 mm, slips 94.5 by 54 mm, on A4 with lines to cut along.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from households.files import papers, qr
from households.paging import batched
from households.plates.slips import PlateSlip

_CUT = colors.HexColor("#9aa5a0")
_TOP = 13.5 * mm
Draw = Callable[[Canvas, float, float, int], None]


@dataclass(frozen=True, slots=True)
class Cells:
    """How a page is cut: columns and rows of cells of one size (points)."""

    columns: int
    rows: int
    width: float
    height: float

    @property
    def left(self) -> float:
        """Where the first column begins."""
        return (A4[0] - self.columns * self.width) / 2


PLATES = Cells(3, 5, 63 * mm, 54 * mm)
PINS = Cells(2, 5, 94.5 * mm, 54 * mm)
LINES = 24  # of a list to sign on one page
_WIDTHS = tuple(part * mm for part in (12, 38, 16, 44, 48, 28))
_HEADS = ("序号", "组", "户号", "户主", "领取人签名", "日期")
_LINE = 10 * mm


def sheet(village: str, slips: Sequence[PlateSlip]) -> bytes:
    """Plates without PINs."""

    def plate(canvas: Canvas, x: float, y: float, at: int) -> None:
        slip, room = slips[at], 23 * mm
        _code(canvas, x + 2 * mm, y + 10 * mm, 34 * mm, slip.token)
        papers.put(canvas, (x + 38 * mm, y + 38 * mm), village, size=12, room=room, font=papers.BOLD)
        papers.put(canvas, (x + 38 * mm, y + 31 * mm), slip.group, size=10, room=room)
        papers.put(canvas, (x + 38 * mm, y + 22 * mm), slip.serial, size=17, room=room, font=papers.BOLD)
        papers.put(canvas, (x + 38 * mm, y + 15 * mm), "六零积分", size=9, room=room)
        papers.put(canvas, (x + 38 * mm, y + 10.5 * mm), "扫码看积分", size=9, room=room)

    return _cut(PLATES, len(slips), plate, f"{village}户牌")


def pins(village: str, slips: Sequence[PlateSlip]) -> bytes:
    """PINs to fold and hand over, without plates."""

    def slip_at(canvas: Canvas, x: float, y: float, at: int) -> None:
        slip, left, room = slips[at], x + 5 * mm, 84 * mm
        papers.put(canvas, (left, y + 45 * mm), str(at + 1), size=11, room=14 * mm, font=papers.BOLD)
        where = f"{village} {slip.group} {slip.serial} 号"
        papers.put(canvas, (left + 16 * mm, y + 45 * mm), where, size=11, room=room - 16 * mm)
        _dashes(canvas, x, y + 40 * mm, x + PINS.width)
        papers.put(canvas, (left, y + 33 * mm), "第一次用的密码", size=11, room=room)
        papers.put(canvas, (left, y + 21 * mm), " ".join(slip.pin), size=24, room=room, font=papers.BOLD)
        said = ("扫门口户牌，输入它，马上设一个自己的密码。", "以后只用自己设的，不要告诉别人，村干部也不用知道。")
        for line, words in enumerate(said):
            papers.put(canvas, (left, y + (12 - 5 * line) * mm), words, size=9, room=room)

    return _cut(PINS, len(slips), slip_at, f"{village}户牌密码纸条")


def receipts(village: str, slips: Sequence[PlateSlip], heads: Sequence[str]) -> bytes:
    """The list on which households sign: number, household, room to sign. No PIN and no code."""
    out = io.BytesIO()
    canvas = _begun(out, f"{village}户牌和密码签收单")
    lines = [
        (str(number), slip.group, slip.serial, head)
        for number, (slip, head) in enumerate(zip(slips, heads, strict=True), 1)
    ]
    pages = list(batched(lines, LINES))
    left = (A4[0] - sum(_WIDTHS)) / 2
    for number, page in enumerate(pages, 1):
        told = f"{village}户牌和密码签收单　共 {len(slips)} 户　第 {number} 页，共 {len(pages)} 页"
        papers.put(canvas, (left, A4[1] - 18 * mm), told, size=12, room=sum(_WIDTHS), font=papers.BOLD)
        said = "交到手里再签；密码纸条封着交，发的人不拆开。"
        papers.put(canvas, (left, A4[1] - 24 * mm), said, size=9, room=sum(_WIDTHS))
        for row, cells in enumerate([_HEADS, *page]):
            _row(canvas, left, A4[1] - 28 * mm - row * _LINE, cells)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _row(canvas: Canvas, left: float, top: float, cells: Sequence[str]) -> None:
    x = left
    canvas.setStrokeColor(_CUT)
    for at, width in enumerate(_WIDTHS):
        canvas.rect(x, top - _LINE, width, _LINE)
        if at < len(cells):
            font = papers.BOLD if cells is _HEADS else papers.PLAIN
            papers.put(canvas, (x + 2 * mm, top - 6.5 * mm), cells[at], size=10, room=width - 4 * mm, font=font)
        x += width


def _cut(cells: Cells, count: int, draw: Draw, name: str) -> bytes:
    """`count` cells in reading order, each drawn from its lower left corner."""
    out = io.BytesIO()
    canvas = _begun(out, name)
    for page in batched(range(count), cells.columns * cells.rows):
        for number, at in enumerate(page):
            row, column = divmod(number, cells.columns)
            x = cells.left + column * cells.width
            y = A4[1] - _TOP - (row + 1) * cells.height
            canvas.setStrokeColor(_CUT)
            canvas.setDash(3, 3)
            canvas.rect(x, y, cells.width, cells.height)
            canvas.setDash()
            draw(canvas, x, y, at)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _begun(out: io.BytesIO, name: str) -> Canvas:
    papers.use_fonts()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    canvas.setTitle(name)
    return canvas


def _code(canvas: Canvas, x: float, y: float, side: float, token: str) -> None:
    """A plate's code with its white edge, as vectors: it stays sharp however it is enlarged."""
    matrix = qr.modules(qr.address(token))
    module = side / len(matrix)
    path = canvas.beginPath()
    for line, row in enumerate(matrix):
        for at, length in qr.runs_of(row):
            path.rect(x + at * module, y + side - (line + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _dashes(canvas: Canvas, x: float, y: float, end: float) -> None:
    canvas.setDash(4, 3)
    canvas.line(x, y, end, y)
    canvas.setDash()
