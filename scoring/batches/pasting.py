"""Lines that were copied out of a spreadsheet: cells apart by tabs, the household as people write it."""

from dataclasses import dataclass

from households.imports import cells
from households.imports.cells import CellFault
from households.models import User
from households.months import Month, label, month_of
from scoring.batches.reads import VillagePeople, lines_meant
from scoring.batches.rules import FileEntry
from scoring.sheets.events_import import MAX_DOCUMENT, MAX_NOTE, as_spelt

WIDTH, LEAST = 5, 3
HEADINGS = ("日期", "条款")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One line: the entry that it means, or why it means none."""

    text: str
    entry: FileEntry | None
    fault: str = ""


def pasted(text: str, people: VillagePeople, month: Month, by: User) -> list[PastedRow]:
    """A line with headings is passed over, and so are empty ones."""
    lines = [line.strip("\r\n") for line in text.splitlines() if line.strip()]
    if lines and all(word in lines[0] for word in HEADINGS):
        lines = lines[1:]
    return [_row(line, people, month, by) for line in lines]


def _row(line: str, people: VillagePeople, month: Month, by: User) -> PastedRow:
    parts = [part.strip() for part in line.split("\t")]
    if not LEAST <= len(parts) <= WIDTH:
        return PastedRow(line[:60], None, f"有 {len(parts)} 列，应为 {LEAST} 到 {WIDTH} 列")
    whom, day, clause, document, note = [*parts, *[""] * (WIDTH - len(parts))]
    meant = next(iter(lines_meant(whom, people, by)), None)
    if meant is None or not meant.code:
        return PastedRow(line[:60], None, "像好几户，请写户编号" if meant and meant.codes else "没有找到这一户")
    try:
        on = cells.day(day)
        [spelt] = as_spelt([cells.clause(clause)])
        entry = FileEntry(
            meant.code, on, spelt or clause, cells.reference(MAX_DOCUMENT)(document), cells.text(MAX_NOTE)(note)
        )
    except CellFault as fault:
        return PastedRow(line[:60], None, str(fault))
    return PastedRow(line[:60], entry, "" if month_of(on) == month else f"不在{label(month)}")
