"""A board as a file: the rows of the screen in the order of the screen, with its filter and its time inside."""

from django.http import HttpResponse
from django.utils import timezone

from households.files.answers import table
from households.files.exports import SHARE, moment
from households.months import label
from scoring.rankings.boards import SORTS, Board, BoardRow
from scoring.rankings.columns import COLUMNS
from scoring.rankings.snapshots import AgreedLine

# What the screen shows besides the columns that every ranking has.
_SCREEN = {"active": "在册户数", "change": "名次变化", "six_zero_share": "六零户占比", "events": "例外条数"}
_VILLAGE = {"place": "乡镇", "sheet_state": "台账状态", "waits_for": "现在等谁"}


def board_file(board: Board, form: str) -> HttpResponse:
    """The board as csv or xlsx; 404 for another format."""
    columns = columns_of(board)
    rows = [row_as_dict(row) for row in board.rows]
    title = title_of(board)
    return table(
        form,
        columns,
        rows,
        name=f"{title}-{stamp(board)}",
        title=title,
        notes=notes_of(board),
        formats={"six_zero_share": SHARE},
    )


def columns_of(board: Board) -> dict[str, str]:
    """Keys and Chinese headings, the agreed ones first."""
    return COLUMNS | {"state": "是否暂定"} | _SCREEN | (_VILLAGE if board.level == "village" else {})


class FileLine(AgreedLine):
    """A line of a file, with what the screen says beside the agreed columns."""

    state: str
    active: int | None
    change: int | None
    six_zero_share: str
    events: int | None
    place: str
    sheet_state: str
    waits_for: str


def row_as_dict(row: BoardRow) -> FileLine:
    """One row of a file."""
    return {
        **row.agreed(),
        "state": "暂定" if row.rank is None else "",
        "active": row.active,
        "change": row.change,
        "six_zero_share": row.six_zero_percent,
        "events": row.events,
        "place": row.place,
        "sheet_state": row.state.label if row.state else "",
        "waits_for": row.waits_for,
    }


def title_of(board: Board) -> str:
    """洞口县-2026年10月-村排名-暂定."""
    place = board.path[-1].name if board.path else ""
    return "-".join(part for part in (place, label(board.month), f"{board.level.label}排名", board.state) if part)


def stamp(board: Board) -> str:
    """The time of the figures, fit for a file name."""
    return f"截至{timezone.localtime(board.as_of):%Y%m%dT%H%M%S}" if board.as_of else "没有数据"


def notes_of(board: Board) -> list[tuple[str, str]]:
    """What the sheet 说明 says: month, place, time, state, filter and order."""
    place = " › ".join(division.name for division in board.path)
    return [
        ("月份", board.month),
        ("范围", place or "各县"),
        ("数据截至", moment(board.as_of)),
        ("状态", board.state),
        ("查找", board.words or "（没有筛选）"),
        ("排序", SORTS[board.sort][0]),
        ("条数", f"{len(board.rows)} / {board.listed}"),
    ]
