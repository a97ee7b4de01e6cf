"""How what two people read of one paper differs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from households.words.keys import key

PaperRow = tuple[str, str, str, str, str]  # code, day (ISO), clause, document, note


@dataclass(frozen=True, slots=True)
class PaperDifference:
    """Side by side: what the first read and what the second read; None where one of them read nothing of the kind."""

    first: PaperRow | None
    second: PaperRow | None


def said(row: PaperRow) -> PaperRow:
    """What counts of a row: a document's number however it is spelt, a note without blanks at its ends."""
    code, day, clause, document, note = row
    return code, day, clause, key(document), note.strip()


def agreed(first: Sequence[PaperRow], second: Sequence[PaperRow]) -> list[PaperRow]:
    """Rows that both read, as the first spelt them."""
    left = list(map(said, second))
    both = []
    for row in first:
        if said(row) in left:
            left.remove(said(row))
            both.append(row)
    return both


def differences(first: Sequence[PaperRow], second: Sequence[PaperRow]) -> list[PaperDifference]:
    """What only one of them read; rows of the same household stand beside each other, in the order of households."""
    mine, yours = _without(first, second), _without(second, first)
    found = []
    for row in mine:
        other = next((each for each in yours if each[0] == row[0]), None)
        if other is not None:
            yours.remove(other)
        found.append(PaperDifference(row, other))
    found += [PaperDifference(None, row) for row in yours]
    return sorted(found, key=lambda one: (one.first or one.second or ("",))[0])


def settled(first: Sequence[PaperRow], second: Sequence[PaperRow], choices: Iterable[str]) -> list[PaperRow]:
    """What is written: the rows that agree, and of each difference what was chosen (first, second, none)."""
    rows = agreed(first, second)
    for one, choice in zip(differences(first, second), choices, strict=True):
        chosen = {"first": one.first, "second": one.second}.get(choice)
        if chosen:
            rows.append(chosen)
    return sorted(rows)


def _without(rows: Sequence[PaperRow], others: Sequence[PaperRow]) -> list[PaperRow]:
    left = list(map(said, others))
    only = []
    for row in rows:
        if said(row) in left:
            left.remove(said(row))
        else:
            only.append(row)
    return only
