"""The report of an import or of its rehearsal: what was read, what is wrong where, what was or would be written."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress
from pathlib import PurePath
from typing import TypeVar
from unicodedata import category

from django.db import transaction

from households.files import bounds, cells
from households.files.tables import Problem, Severity, Table, TableFault, shorten
from households.imports.cells import CellFault, Reader
from households.imports.columns import FileColumn, headings_of
from households.masks import mask_phone
from households.models import User

Value = TypeVar("Value")


# How an import says how far it is: what it is doing, and the share done (0..1) of the whole.
Tell = Callable[[str, float], None]


def quiet(doing: str, share: float, /) -> None:
    """Tell nobody."""
    del doing, share


@dataclass
class ImportReport:
    """One file's import. `counts` are in the order of the sentence; `places` are codes whose members changed."""

    name: str
    dry_run: bool = False
    digest: str = ""  # SHA-256 of the file, for the audit log: it names the file whatever it is called
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)  # about the file as a whole, each a Chinese sentence
    headings: dict[str, str] = field(default_factory=dict)  # what the file calls its columns

    @property
    def errors(self) -> list[Problem]:
        """Why nothing was written, by line."""
        return sorted((p for p in self.problems if p.severity is Severity.ERROR), key=lambda p: (p.line, p.column))

    @property
    def notes(self) -> list[Problem]:
        """What is worth knowing, by line."""
        return sorted((p for p in self.problems if p.severity is Severity.NOTE), key=lambda p: (p.line, p.column))

    @property
    def refused(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def written(self) -> bool:
        """Whether the import stands in the database (when the caller's transaction does)."""
        return not self.refused and not self.dry_run

    @property
    def file(self) -> dict[str, str]:
        """What names the file on an audit line."""
        return {"subject": PurePath(self.name).name[-80:], "digest": self.digest}

    @property
    def sentence(self) -> str:
        """The result in one Chinese sentence."""
        if self.refused:
            return f"{self.name}：有 {len(self.errors)} 处错误，没有写入任何数据。请改正后重新导入。"
        counted = "，".join(f"{what} {number}" for what, number in self.counts.items())
        done = "演练通过，没有写入；正式导入时" if self.dry_run else "导入完成："
        return f"{self.name}：{done}读入 {self.rows} 行，{counted}。"

    def refuse(self, line: int, column: str, reason: str, value: str = "") -> None:
        """Add an error; one is enough for nothing to be written."""
        self.problems.append(Problem(line, self.headings.get(column, column), reason, shorten(value)))

    def note(self, line: int, column: str, reason: str) -> None:
        """Add something worth knowing that stops nothing."""
        self.problems.append(Problem(line, self.headings.get(column, column), reason, severity=Severity.NOTE))


def open_table(
    report: ImportReport,
    data: bytes,
    *layouts: Sequence[str],
    within: bounds.Bounds = bounds.COMMAND,
    columns: Sequence[FileColumn] = (),
) -> Table | None:
    """The table of a file, or None with the reasons in the report. `columns` say what else the header may be written as."""
    report.digest = hashlib.sha256(data).hexdigest()
    try:
        table = cells.table(data, *layouts, within=within, headings=headings_of(columns))
    except TableFault as fault:
        report.problems += fault.problems
        return None
    report.rows = len(table)
    report.problems += table.notes
    report.headings = table.headings
    return table


# What may refuse an import for reasons that this room knows nothing of.
Guard = Callable[[ImportReport], None]


@contextmanager
def all_or_nothing(report: ImportReport) -> Iterator[None]:
    """One transaction that stands only when the report holds no error and is no rehearsal."""
    with transaction.atomic():
        yield
        if not report.written:
            transaction.set_rollback(True)


class Rows:
    """The rows of a table being understood column by column; a cell that cannot be read takes its row out."""

    def __init__(self, table: Table, report: ImportReport) -> None:
        self.table = table
        self.report = report
        self.sound = [True] * len(table)

    def column(self, name: str, reader: Reader[Value]) -> list[Value | None]:
        """The values of a column, each distinct cell read once; None where it could not be."""
        cells = self.table.columns[name]
        values: dict[str, Value | None] = {}
        faults: dict[str, CellFault] = {}
        for cell in set(cells):
            try:
                values[cell] = reader(cell)
            except CellFault as fault:
                values[cell], faults[cell] = None, fault
        if faults:
            self._refuse(name, cells, faults)
        return list(map(values.__getitem__, cells))

    def _refuse(self, name: str, cells: Sequence[str], faults: Mapping[str, CellFault]) -> None:
        for row, cell in enumerate(cells):
            fault = faults.get(cell)
            if fault:
                self.sound[row] = False
                self.report.refuse(self.table.lines[row], name, str(fault), "" if fault.named else _shown(name, cell))

    def refuse(self, row: int, column: str, reason: str, value: str = "") -> None:
        """Take a row out for a reason that spans its cells."""
        self.sound[row] = False
        self.report.refuse(self.table.lines[row], column, reason, value)

    def refuse_repeated(self, keys: Sequence[object], column: str, reason: Callable[[object, int], str]) -> None:
        """Refuse every sound row whose key stood in an earlier one; `reason` gets the key and the earlier line."""
        first: dict[object, int] = {}
        for row, key in enumerate(keys):
            if self.sound[row] and first.setdefault(key, row) != row:
                self.refuse(row, column, reason(key, self.table.lines[first[key]]))

    def refuse_elsewhere(self, codes: Sequence[str | None], column: str, by: User | None) -> None:
        """Refuse the rows of places that are not the sender's; the command line (None) has every place."""
        if by is None:
            return
        for row, code in enumerate(codes):
            if self.sound[row] and not by.scope.covers(str(code)):
                self.refuse(row, column, f"{code} 不在您的管理范围内")

    def note_other_signs(self, name: str, values: Sequence[str | None]) -> None:
        """Say which names are kept in other signs than the file has: radicals, private and compatible signs."""
        for line, cell, value in zip(self.table.lines, self.table.columns[name], values, strict=True):
            if value and value != cell and "".join(cell.split()) != "".join(value.split()):
                self.report.note(line, name, f"里面有不规范的字形或符号，存为“{shorten(value)}”")
            elif value and not value.isalpha() and any(category(sign)[0] == "S" for sign in value):
                self.report.note(line, name, f"“{shorten(value)}”里有符号，不像名字，请核对")

    def lines(self) -> list[int]:
        """Line numbers of the sound rows."""
        return self.keep(self.table.lines)

    def keep(self, values: Sequence[Value | None]) -> list[Value]:
        """The values of the sound rows, which are never None."""
        return list(compress(values, self.sound))  # type: ignore[arg-type]


def _shown(column: str, cell: str) -> str:
    """What of a wrong cell may be shown again: never a whole phone number."""
    return mask_phone(cell) if column == "phone" else shorten(cell)
