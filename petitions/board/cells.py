"""The county board as its page shows it: a line as a few cells, each with what it rests on and how it was a year before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from petitions.board.board import BoardLine, CountyBoard
from petitions.board.figures import Figures, is_few, told
from petitions.shares import percent

TOO_FEW = "样本少"
Known = dict[str, int | float | None]


@dataclass(frozen=True, slots=True)
class BoardCell:
    """What stands in a cell, in small print below it, and the same a year before; empty when there is nothing to say."""

    label: str
    text: str
    under: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column of the page: the figure it shows and the words below it."""

    key: str
    label: str
    under: Callable[[Figures], str]
    office: bool = False  # of the petition office alone, not of a unit


def _outcomes(figures: Figures) -> str:
    parts = (
        ("确认", figures.confirmed),
        ("期满", figures.lapsed),
        ("复查", figures.reviewed),
        ("重办", figures.reopened),
    )
    return "，".join(f"{name} {number}" for name, number in parts if number)


def _rated(number: int, response: float | None) -> str:
    return f"评 {number}，参评 {response or 0:.0%}" if number else "没有评价"


COLUMNS: tuple[BoardColumn, ...] = (
    BoardColumn("taken", "收到", lambda _: "", office=True),
    BoardColumn("accept_rate", "按期受理率", lambda f: f"{f.accept_kept} / {f.accept_due}", office=True),
    BoardColumn("reply_rate", "答复率", lambda f: f"{f.answered} / {f.due}"),
    BoardColumn("keep_rate", "按期办结率", lambda f: f"{f.kept} / {f.due}"),
    BoardColumn("net_rate", "热线网上按期", lambda f: f"{f.net_kept} / {f.net_due}" if f.net_due else ""),
    BoardColumn("closed", "办结", lambda f: f"答复 {f.answers}"),
    BoardColumn("resolved_rate", "事项化解率", _outcomes),
    BoardColumn("unit_rate", "满意率：单位", lambda f: _rated(f.unit_rated, f.rates["unit_response"])),
    BoardColumn(
        "office_rate", "满意率：信访局", lambda f: _rated(f.office_rated, f.rates["office_response"]), office=True
    ),
    BoardColumn("upheld", "复查复核", lambda f: f"改变 {f.changed}" if f.upheld or f.changed else ""),
    BoardColumn("extended", "延期", lambda _: ""),
)
HEADLINES = ("taken", "reply_rate", "accept_rate", "keep_rate", "unit_rate", "resolved_rate")


def columns_for(*, of_unit: bool) -> list[BoardColumn]:
    """The columns of a table; units have none of the petition office's own."""
    return [column for column in COLUMNS if not (of_unit and column.office)]


def cells(line: BoardLine) -> list[BoardCell]:
    """A line's cells, one for each column."""
    return [cell for _, cell in _cells(line, columns_for(of_unit=line.of_unit))]


def _cells(line: BoardLine, columns: Sequence[BoardColumn]) -> Iterator[tuple[str, BoardCell]]:
    now, then = (told(figures, of_unit=line.of_unit) for figures in (line.now, line.before))
    for column in columns:
        text = _text(column, now, line.now, of_unit=line.of_unit)
        under = "" if text in (TOO_FEW, "—") else column.under(line.now)
        old = f"去年 {_text(column, then, line.before, of_unit=line.of_unit)}"
        yield column.key, BoardCell(column.label, text, under, old)


def _text(column: BoardColumn, known: Known, figures: Figures, *, of_unit: bool) -> str:
    value = known[column.key]
    if column.key == "unit_rate" and of_unit and is_few(figures):
        return TOO_FEW
    if column.key == "upheld":
        return f"维持 {value}" if value or figures.changed else "0"
    return percent(value) if value is None or column.key.endswith("_rate") else str(value)


@dataclass(frozen=True, slots=True)
class BoardTable:
    """A table of the page: heading, name of its first column, column labels, and lines with their cells."""

    title: str
    first: str
    labels: list[str]
    lines: list[tuple[str, list[BoardCell]]]
    empty: str = ""


def table(title: str, first: str, lines: list[BoardLine], *, of_unit: bool = False, empty: str = "") -> BoardTable:
    """Lines as a table; without the column of hotline and net where nothing came in that way."""
    net = any(line.now.net_due or line.before.net_due for line in lines)
    columns = [column for column in columns_for(of_unit=of_unit) if net or column.key != "net_rate"]
    shown = [(line.name, [cell for _, cell in _cells(line, columns)]) for line in lines]
    return BoardTable(title, first, [column.label for column in columns], shown, empty)


def month_table(board: CountyBoard) -> BoardTable:
    """The months that have begun, each beside the same month a year before."""
    of_unit = board.total.of_unit
    begun = [one for one in board.months if one.month <= board.period.last.month]
    lines = [BoardLine(str(one.month), f"{one.month}月", one.now, one.before, of_unit) for one in begun]
    return table(f"{board.period.last.year}年各月", "月份", lines, of_unit=of_unit)


def headlines(line: BoardLine) -> list[BoardCell]:
    """The few figures at the top."""
    shown = dict(_cells(line, columns_for(of_unit=line.of_unit)))
    return [shown[key] for key in HEADLINES if key in shown]


def chart(board: CountyBoard) -> dict[str, Any]:
    """What the picture of the months is drawn from: the table's own figures."""
    months = [one for one in board.months if one.month <= board.period.last.month]
    year, key = board.period.last.year, "taken" if not board.total.of_unit else "answers"
    return {
        "months": [f"{one.month}月" for one in months],
        "years": [f"{year}年", f"{year - 1}年"],
        "counted": "收到" if key == "taken" else "答复",
        "now": [getattr(one.now, key) for one in months],
        "before": [getattr(one.before, key) for one in months],
        "kept": [one.now.rates["keep_rate"] for one in months],
        "kept_before": [one.before.rates["keep_rate"] for one in months],
    }
