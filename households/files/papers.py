"""Print-ready PDF: the font that a paper carries with it, its styles, and the parts that letters and statements are made of."""

import io
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus.paragraph import cjkU, makeCJKParaLine

from households.files import line_ends
from households.refusals import Refused
from households.words.folding import seen

PLAIN, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_FILES = {PLAIN: "400Regular/NotoSansSC_400Regular.ttf", BOLD: "700Bold/NotoSansSC_700Bold.ttf"}
_FONTS = Path("@expo-google-fonts") / "noto-sans-sc"
RARE = "HanaMinB"  # Extension B and beyond; one weight
_ROOM = "＿＿"
BY_HAND = f"“{_ROOM}”处的字打印字体里没有，后面是它的国际编码，请经办人手写补上。"
_BEYOND = re.compile(r"<([0-9A-F]{5})>")
_MARGIN = 22 * mm
_BY_HAND = 7.5 * mm  # the height of an empty row of a table
Size = tuple[float, float]


def width_of(size: Size) -> float:
    """What lies between the margins of a page."""
    return size[0] - 2 * _MARGIN


WIDTH = width_of(A4)


class _PaperFont(TTFont):
    """The library tells readers a sign beyond the first plane by its number. They know it by two halves, and would copy others."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 (the library's name)
        super().addObjects(doc)
        for name, found in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                found.content = _BEYOND.sub(_halves, found.content)


class _Paragraph(Paragraph):
    """The library's, with line ends as Chinese text has them."""

    def breakLinesCJK(self, maxWidths: Any) -> Any:  # noqa: N802, N803 (the library's names)
        whole = super().breakLinesCJK(maxWidths)
        if getattr(self, "_splitpara", 0) or _fits(whole.lines):
            return whole
        rooms = maxWidths if isinstance(maxWidths, list | tuple) else [maxWidths]
        units = [cjkU(sign, part, "utf8") for part in self.frags for sign in _text(part) or [""]]
        signs = [line_ends.BREAK if hasattr(unit.frag, "lineBreak") else str(unit) for unit in units]
        found = line_ends.ends(signs, [unit.width for unit in units], rooms)
        lines = [units[start:end] for start, end in pairwise([0, *found])]
        whole.lines = [_line(whole, line, rooms[min(at, len(rooms) - 1)]) for at, line in enumerate(lines)]
        return whole


def _text(part: Any) -> str:
    """What a piece of a paragraph says; the piece that a page break left over has its lines."""
    return str(part.text) if hasattr(part, "text") else "".join(part.words)


def _fits(lines: list[Any]) -> bool:
    """Whether nothing is broken, and nothing hangs over the end of the only line."""
    return not lines or (len(lines) == 1 and (lines[0][0] if isinstance(lines[0], tuple) else lines[0].extraSpace) >= 0)


def _line(whole: Any, units: list[Any], room: float) -> Any:
    """A line as the library keeps it: `kind` 0 when the whole paragraph has one font."""
    used = sum(unit.width for unit in units)
    if whole.kind == 0:
        return room - used, ["".join(units).strip()]
    return makeCJKParaLine(units, room, used, room - used, hasattr(units[-1].frag, "lineBreak"), calcBounds=False)


def _halves(told: "re.Match[str]") -> str:
    return f"<{chr(int(told[1], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def use_fonts() -> None:
    """Read the fonts, once a process. Refused when set-up did not fetch them."""
    for name, file in _FILES.items():
        path = settings.NODE_MODULES / _FONTS / file
        if not path.is_file():
            raise Refused(
                "font_missing", "服务器上没有打印用的字体。", hint="请运行 script/run 补装前端依赖。", status=503
            )
        pdfmetrics.registerFont(_PaperFont(name, str(path)))


def style(size: float = 11, **more: Any) -> ParagraphStyle:
    """A paragraph of Chinese text: lines break between any two characters."""
    wanted = {"fontName": PLAIN, "fontSize": size, "leading": size * 1.75, "wordWrap": "CJK"} | more
    return ParagraphStyle("paper", **wanted)


def title(text: str, size: float = 20) -> Paragraph:
    """A heading in the middle."""
    return _Paragraph(
        _escaped(text), style(size, fontName=BOLD, alignment=TA_CENTER, leading=size * 1.4, spaceAfter=6 * mm)
    )


def title_of(whose: str, what: str, page: Size, *, size: float) -> Paragraph:
    """A heading on one line, or on two where it is wider than the page: never with its last sign alone."""
    one = f"{whose} {what}"
    fits = pdfmetrics.stringWidth(printable(one, rare=False), BOLD, size) <= width_of(page)
    return title(one if fits else f"{whose}\n{what}", size)


def text(words: str, **more: Any) -> Paragraph:
    """A paragraph, its first line indented by two characters as letters are."""
    return _Paragraph(_escaped(words), style(12, firstLineIndent=24, spaceAfter=2 * mm) if not more else style(**more))


def right(words: str) -> Paragraph:
    """A line at the right: who signs, and when."""
    return _Paragraph(_escaped(words), style(12, alignment=TA_RIGHT))


def small(words: str) -> Paragraph:
    """A note in small type."""
    return _Paragraph(_escaped(words), style(9, textColor=colors.HexColor("#46554f"), spaceBefore=2 * mm))


def gap(millimetres: float) -> Spacer:
    """Empty space."""
    return Spacer(1, millimetres * mm)


def picture(content: bytes, words: str) -> list[Flowable]:
    """A JPEG as wide as the page or as high as half of it, under a line that says what it is."""
    try:
        shown = Image(io.BytesIO(content), lazy=0)
    except OSError:  # what a household had before it was erased
        return [small(f"{words}：这张照片打不开。")]
    part = min(WIDTH / shown.imageWidth, A4[1] / 2 / shown.imageHeight)
    shown.drawWidth, shown.drawHeight = shown.imageWidth * part, shown.imageHeight * part
    return [KeepTogether([small(words), shown])]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *, size: float = 9) -> LongTable:
    """A ruled table whose head is repeated on every page; `widths` are parts of the page's width.

    A row without a word is one to write into by hand.
    """
    cells = [[_Paragraph(_escaped(cell), style(size, fontName=BOLD, leading=size * 1.4)) for cell in head]]
    plain = style(size, leading=size * 1.4)
    cells += [[_Paragraph(_escaped(cell), plain) for cell in row] for row in rows]
    whole = sum(widths)
    lines = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#74827c")),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e7f1ec")),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    heights = [None, *(None if any(row) else _BY_HAND for row in rows)]
    return LongTable(cells, [WIDTH * width / whole for width in widths], heights, repeatRows=1, style=lines)


@cache
def _glyphs() -> frozenset[int]:
    """The code points of both fonts."""
    use_fonts()
    plain, bold = (pdfmetrics.getFont(name).face.charToGlyph for name in (PLAIN, BOLD))
    return frozenset(plain) & frozenset(bold)


def _rare_glyphs() -> frozenset[int]:
    """Those of the font of rare signs; none where it was not fetched."""
    found = next((str(path) for path in settings.RARE_FONTS if path.is_file()), "")
    return _glyphs_in(found) if found else frozenset()


@cache
def _glyphs_in(path: str) -> frozenset[int]:
    pdfmetrics.registerFont(_PaperFont(RARE, path))
    return frozenset(pdfmetrics.getFont(RARE).face.charToGlyph)


def printable(words: str, *, rare: bool = True) -> str:
    """The words without what no font shows. A letter that ours lack is named, with room to write it by hand; the rest goes.

    `rare` signs count as shown where a second font has them: `_escaped` changes over to it.
    """
    return "".join(sign if _shows(sign, rare=rare) else _instead(sign) for sign in seen(words))


def _shows(sign: str, *, rare: bool) -> bool:
    return ord(sign) in _glyphs() or sign in "\n\t" or (rare and _is_rare(sign))


def _is_rare(sign: str) -> bool:
    return sign.isalpha() and ord(sign) not in _glyphs() and ord(sign) in _rare_glyphs()


def _instead(sign: str) -> str:
    kind = unicodedata.category(sign)
    return f"{_ROOM}〔U+{ord(sign):04X}〕" if kind.startswith(("L", "N")) or kind == "Co" else ""


def put(canvas: Canvas, at: tuple[float, float], words: str, *, size: float, room: float, font: str = PLAIN) -> None:
    """Words on one line that begins at a point: smaller where they would not fit the room, rare signs in their own font.

    For sheets of thousands, where a paragraph for each cell takes too long. `at` and `room` are in points.
    """
    shown = printable(words)
    faces = [RARE if _is_rare(sign) else font for sign in shown]
    wide = sum(pdfmetrics.stringWidth(sign, face, size) for sign, face in zip(shown, faces, strict=True))
    size = min(size, size * room / wide) if wide else size
    line = canvas.beginText(*at)
    for face, signs in groupby(zip(faces, shown, strict=True), key=itemgetter(0)):
        line.setFont(face, size)
        line.textOut("".join(sign for _, sign in signs))
    canvas.drawText(line)


def _escaped(words: str) -> str:
    """Text for a paragraph, which reads markup."""
    words = printable(words)
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br/>")
    return "".join(f'<font name="{RARE}">{sign}</font>' if _is_rare(sign) else sign for sign in words)


def pdf(parts: Sequence[Flowable], *, name: str, foot: str = "", size: Size = A4) -> bytes:
    """The parts as a document called `name`, with `foot` and the page's number under each page."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=size, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN, title=name
    )
    below = partial(_foot, printable(foot, rare=False), size[0] - _MARGIN)
    by_hand = [small(BY_HAND)] if any(map(_has_room, parts)) else []
    document.build([*parts, *by_hand], onFirstPage=below, onLaterPages=below)
    return out.getvalue()


def _has_room(part: Flowable) -> bool:
    if isinstance(part, LongTable):
        return any(_has_room(cell) for row in part._cellvalues for cell in row)
    return isinstance(part, Paragraph) and _ROOM in part.getPlainText()


def _foot(words: str, end: float, canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(colors.HexColor("#46554f"))
    canvas.drawString(_MARGIN, 12 * mm, words)
    canvas.drawRightString(end, 12 * mm, f"第 {document.page} 页")
    canvas.restoreState()
