"""What is done inside a cell, and how its outcome travels. Knows no Django: a cell loads as little as it can.

An outcome is a head of plain JSON and a body of bytes. It is never pickled: whoever took a cell over could write anything.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from households.files import images, pdf, tables
from households.files.bounds import Bounds
from households.refusals import Refused

Head = dict[str, Any]
Outcome = tuple[Head, bytes]
Job = Callable[[bytes, Any], Outcome]
_APART = "\0"


def done(job: str, data: bytes, given: object) -> Outcome:
    """Do one job; a refusal is an outcome like any other. What else goes wrong ends the cell."""
    try:
        return JOBS[job](data, given)
    except Refused as refusal:
        return {"refused": [refusal.code, refusal.reason, refusal.hint, refusal.fields, refusal.status]}, b""
    except pdf.Unfit as unfit:
        return {"unfit": unfit.code}, b""
    except tables.TableFault as fault:
        return {"faults": True}, json.dumps([asdict(problem) for problem in fault.problems]).encode()


def _photo(data: bytes, _given: object) -> Outcome:
    return _picture(images.photo(data))


def _signature(data: bytes, _given: object) -> Outcome:
    return _picture(images.signature(data))


def _picture(made: images.Made) -> Outcome:
    return {"size": [made.width, made.height]}, made.content


def _paper(data: bytes, _given: object) -> Outcome:
    return {}, pdf.cleaned(data)


def _table(data: bytes, given: Any) -> Outcome:
    layouts, bounds, headings = given
    table = tables.read(data, *layouts, bounds=Bounds(**bounds), headings=headings)
    head = {"names": list(table.columns), "rows": len(table), "notes": [asdict(note) for note in table.notes]}
    return head | {"headings": table.headings}, packed([list(map(str, table.lines)), *table.columns.values()])


def _raw(data: bytes, given: Any) -> Outcome:
    rows, lines = tables.raw_rows(data, Bounds(**given))
    width = len(rows[0]) if rows else 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    return {"names": list(map(str, range(width))), "rows": len(rows)}, packed([list(map(str, lines)), *columns])


def packed(columns: Sequence[Sequence[str]]) -> bytes:
    """Columns of one length, one behind the other, cells apart by NUL: a county's register takes no time."""
    text = _APART.join(_APART.join(column) for column in columns)
    if text.count(_APART) >= sum(map(len, columns)):  # a workbook can hold one; no cell of ours may
        text = _APART.join(cell.replace(_APART, "\ufffd") for column in columns for cell in column)
    return text.encode("utf-8", "surrogatepass")


def unpacked(body: bytes, names: Sequence[str], rows: int) -> tuple[list[int], dict[str, list[str]]]:
    """Line numbers and columns. Raises ValueError when the body does not hold what was promised."""
    cells = body.decode("utf-8", "surrogatepass").split(_APART)
    lines, *columns = (cells[at : at + rows] for at in range(0, rows * (len(names) + 1), rows))
    if len(cells) != rows * (len(names) + 1):
        raise ValueError("not as many cells as were promised")
    return list(map(int, lines)), dict(zip(names, columns, strict=True))


JOBS: dict[str, Job] = {"photo": _photo, "signature": _signature, "paper": _paper, "table": _table, "raw": _raw}
