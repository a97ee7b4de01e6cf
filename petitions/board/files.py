"""The county board as a file: every line of the page with every figure, CSV for other systems, xlsx for people."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from households.files.answers import attachment
from households.files.exports import SHARE, SheetLayout, csv_file, workbook
from petitions.board.board import BoardLine, CountyBoard, View
from petitions.board.figures import COLUMNS, RATES, told

HEAD: dict[str, str] = {"section": "分组", "code": "代码", "name": "名称", "period": "时间"}
LOOK = SheetLayout(
    heads=len(HEAD), width=20, frozen=True, notes=(16, 90), formats=dict.fromkeys(RATES, SHARE), wrapped=True
)
Row = dict[str, Any]


def rows_of(view: View) -> Iterator[Row]:
    """Two rows a line, the period and the same days a year before; months of the period's year likewise."""
    board = view.board
    yield from _sections(board, "全县")
    for section, lines in (("县直部门", view.departments), ("乡镇", view.townships)):
        for line in lines:
            yield from _rows(board, section, line)
    if view.own:
        yield from _sections(view.own, f"本单位 {view.own.total.name}")


def _sections(board: CountyBoard, whole: str) -> Iterator[Row]:
    for section, lines in ((whole, [board.total]), ("渠道", board.channels), ("类别", board.kinds)):
        for line in lines:
            yield from _rows(board, section if section == whole else f"{whole} {section}", line)
    for month in board.months:
        line = BoardLine(f"{month.month:02d}", f"{month.month}月", month.now, month.before, board.total.of_unit)
        year = board.period.last.year
        yield from _two(f"{whole} 月份", line, (f"{year}年{line.name}", f"{year - 1}年{line.name}"))


def _rows(board: CountyBoard, section: str, line: BoardLine) -> Iterator[Row]:
    yield from _two(section, line, (board.period.label, board.period.before.label))


def _two(section: str, line: BoardLine, periods: tuple[str, str]) -> Iterator[Row]:
    for period, figures in zip(periods, (line.now, line.before), strict=True):
        head = {"section": section, "code": line.code, "name": line.name or section, "period": period}
        yield head | told(figures, of_unit=line.of_unit)


def board_file(view: View, form: str) -> HttpResponse:
    """The board as csv or xlsx, as this person sees it; 404 for another format."""
    if form not in BODIES:
        raise Http404
    return attachment(BODIES[form](view), f"信访统计-{view.board.period.label}.{form}")


def _csv(view: View) -> str:
    return csv_file(HEAD | COLUMNS, rows_of(view))


def _xlsx(view: View) -> bytes:
    return workbook(HEAD | COLUMNS, rows_of(view), notes_of(view), LOOK)


BODIES: dict[str, Callable[[View], str | bytes]] = {"csv": _csv, "xlsx": _xlsx}


def notes_of(view: View) -> list[tuple[str, str]]:
    """What it is, and how each figure is counted, in the words of the page."""
    made = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    period = view.board.period
    return [("内容", f"信访统计，{period.label}；对照{period.before.label}"), ("导出时间", made), *DEFINITIONS]


DEFINITIONS: list[tuple[str, str]] = [
    (
        "收到",
        (
            "本期提交、登记的件，包括后来并案、撤回和转出的。检举控告只计入全县合计、渠道、类别和月份，不计入任何部门、乡镇；"
            "反映信访局自身的由另外的机关受理，完全不计入。"
        ),
    ),
    (
        "按期受理率",
        (
            "按期作出决定（受理、不予受理、转其他途径）的 ÷ 应受理的。每件按结果出来的那天归入期间：按期的算作出决定那天，"
            "超期的算到期第二天。期内并案、撤回的不算。"
        ),
    ),
    (
        "答复率",
        "已经答复的 ÷ 应办结的。应办结：本期按期答复的，加上本期内超过办理期限的。还没有到期的不算；超期以后答复的，也算已经答复。",
    ),
    (
        "按期办结率",
        "期限内答复的 ÷ 应办结的。期限按办理经过重新计算，暂停和批准的延期都计入；期内转出、并案、撤回的不算。",
    ),
    ("热线网上按期率", "12345 热线、红网和信箱的件另有按工作日计算的较短期限，这里是在那个期限内答复的比例。"),
    (
        "事项化解率",
        (
            "本期每次答复，到现在：来信人确认解决的，加上异议期满没有异议而办结的，÷ 已有结果的答复。"
            "结果还有申请复查、重新办理两种。重新办理后再答复的，算另一次答复。"
        ),
    ),
    ("办结", "本期答复的件里现在已经办结的。办结和满意是两回事，分开统计。"),
    (
        "满意率",
        (
            "满意和基本满意 ÷ 评价数，信访部门和责任单位分开。参评率是评价数 ÷ 本期答复件次。"
            "评价由来信人自己在网页上作出，或由信访局回访；承办单位不能代填。"
        ),
    ),
    ("样本少", "一个单位评价少于 3 个时不显示满意率和评价数，免得猜出是谁评的。"),
    (
        "部门和乡镇",
        "按主办单位统计：答复时（没有答复的按现在）由谁主办就算谁的。不统计哪里来信多少，来信多少不评好坏。",
    ),
    ("对照", "去年同期是去年的同月同日。两期都按现在的记录计算。"),
]
