"""Notices on paper: for the board, A4 or A3, or in large type that is read from two steps away."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, A4
from reportlab.platypus import Flowable, LongTable, PageBreak, TableStyle

from households.files import papers
from households.months import label, spoken
from scoring.notices.reads import NoticeGroup, NoticeLine, PostedNotice
from scoring.notices.rules import board_days


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """One kind of sheet: how large, how large its type, and how many households beside each other."""

    label: str
    size: tuple[float, float]
    type: float
    columns: int


PAPERS: dict[str, BoardPaper] = {
    "a4": BoardPaper("A4", A4, 10, 4),
    "a3": BoardPaper("A3", A3, 14, 4),
    "large": BoardPaper("A3 大字", A3, 22, 3),
}
_INK = colors.HexColor("#74827c")


def pdf(notices: Sequence[PostedNotice], kind: str) -> bytes:
    """All of them in one file, each beginning on a page of its own."""
    papers.use_fonts()
    paper = PAPERS[kind]
    parts: list[Flowable] = []
    for number, notice in enumerate(notices):
        parts += [PageBreak()] if number else []
        parts += _notice(notice, paper)
    return papers.pdf(parts, name="六零积分公示", foot="六零积分公示", size=paper.size)


def _notice(notice: PostedNotice, paper: BoardPaper) -> list[Flowable]:
    head, size = notice.head, paper.type
    where = f"{head.village.parent.name if head.village.parent else ''}{head.village.name}"
    told = (
        f"全村 {notice.households} 户有结果，六零户 {notice.six_zero} 户，全村平均 {notice.result} 分。"
        f"{spoken(head.posted_on)}起公示，{board_days(head.days, forced=head.forced)}，{spoken(head.until)}以前都能在网上看。"
    )
    disagreeing = f"{head.objecting(timezone.localdate())}。提异议不扣分。"
    rules = f"分值按《{notice.scheme.name}》。依法信访、投诉、举报，一律不扣分。"
    contact = f"县六零办：{settings.CONTACT}" if settings.CONTACT else ""
    parts: list[Flowable] = [papers.title_of(where, f"{label(head.month)}六零积分公示", paper.size, size=size * 1.7)]
    parts += [
        papers.text(words, size=size, spaceAfter=size / 2) for words in (told, disagreeing, rules, contact) if words
    ]
    for group in notice.groups:
        parts += [papers.text(group.name, size=size * 1.2, spaceBefore=size / 2), _table(group, paper)]
    return parts


def _table(group: NoticeGroup, paper: BoardPaper) -> LongTable:
    """Surname, result and 六零户, some households beside each other. Bare text: a township has ten thousand lines."""
    across, size = paper.columns, paper.type
    cells = [_cell(line) for line in group.lines]
    cells += [("", "", "")] * (-len(cells) % across)
    rows = [[*("户主", "得分", "") * across]]
    rows += [[text for cell in cells[at : at + across] for text in cell] for at in range(0, len(cells), across)]
    width = papers.width_of(paper.size) / across
    style = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, _INK),
            ("FONT", (0, 0), (-1, 0), papers.BOLD, size, size * 1.3),
            ("FONT", (0, 1), (-1, -1), papers.PLAIN, size, size * 1.3),
        ]
    )
    widths = [width * part for _ in range(across) for part in (0.36, 0.28, 0.36)]
    return LongTable(rows, widths, repeatRows=1, style=style)


def _cell(line: NoticeLine) -> tuple[str, str, str]:
    return papers.printable(line.name), str(line.score), "六零户" if line.six_zero else ""
