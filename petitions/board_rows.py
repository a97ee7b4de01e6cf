"""Keeping the rows that the county board sums: written with every step, counted anew on demand, compared by verify."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from petitions.board_accounts import Answer, Run, answers_of, runs_of
from petitions.clock_types import Happening
from petitions.deadlines import histories, limits
from petitions.models import AnswerRow, ClockRun, Petition

_AT_ONCE = 500  # petitions whose histories are read in one statement
_RUN, _ANSWER = tuple(Run.__dataclass_fields__), tuple(Answer.__dataclass_fields__)


def _upsert(table: str, keys: Sequence[str], columns: Sequence[str]) -> str:
    """Rows that are there already are touched only where they differ, so that a step writes what it changed."""
    names, rest = ", ".join(columns), [name for name in columns if name not in keys]
    fresh, held = (", ".join(f"{where}.{name}" for name in rest) for where in ("excluded", table))
    return f"""
        INSERT INTO {table} (petition_id, {names}) VALUES {{values}}
        ON CONFLICT (petition_id, {", ".join(keys)}) DO UPDATE SET ({", ".join(rest)}) = ROW({fresh})
        WHERE ROW({held}) IS DISTINCT FROM ROW({fresh})
    """


_RUNS = _upsert("petitions_clockrun", ("key", "round"), _RUN)
_ANSWERS = _upsert("petitions_answerrow", ("round",), _ANSWER)
Kept = tuple[int, Run | Answer]


def keep(petition: Petition, history: Sequence[Happening]) -> None:
    """Write what the history gives; in the transaction of the step that was just added to it. Two statements at most."""
    keep_all([(petition.pk, history)])


def keep_all(histories: Iterable[tuple[int, Sequence[Happening]]]) -> None:
    """The same for several petitions by primary key, for those who write many histories at once."""
    given, read = limits(), list(histories)
    _write(_RUNS, [(pk, row) for pk, lines in read for row in runs_of(lines, given)])
    _write(_ANSWERS, [(pk, row) for pk, lines in read for row in answers_of(lines)])


def _write(statement: str, rows: Sequence[Kept]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        values = [
            (pk, *(getattr(row, name) for name in row.__dataclass_fields__))
            for pk, row in rows[first : first + _AT_ONCE]
        ]
        marks = f"({', '.join(['%s'] * len(values[0]))})"
        with connection.cursor() as cursor:
            text = statement.format(values=", ".join([marks] * len(values)))
            cursor.execute(text, [value for row in values for value in row])


def recount() -> int:
    """Count every petition anew; how many there are. For the operator, after the limits of a clock were changed."""
    counted = 0
    for petitions in _batches():
        with transaction.atomic():
            keep_all(histories(petitions).items())
        counted += len(petitions)
    return counted


@dataclass(frozen=True, slots=True)
class Miscount:
    """A petition whose rows are not those of its history."""

    number: str
    expected: list[dict[str, Any]]
    found: list[dict[str, Any]]


def miscounts() -> Iterator[Miscount]:
    """Every petition whose rows differ from its history: there must be none. Repairs nothing."""
    given = limits()
    for petitions in _batches():
        numbers = dict(Petition.objects.filter(pk__in=petitions).values_list("pk", "number"))
        runs, answers = _held(ClockRun, _RUN, petitions), _held(AnswerRow, _ANSWER, petitions)
        read = histories(petitions)
        for pk in petitions:
            lines = read.get(pk, [])
            expected = [*_sorted(map(asdict, runs_of(lines, given))), *map(asdict, answers_of(lines))]
            found = [*_sorted(runs.get(pk, [])), *answers.get(pk, [])]
            if expected != found:
                yield Miscount(numbers[pk], expected, found)


def _held(model: type[Model], columns: Sequence[str], petitions: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    rows = model._default_manager.filter(petition__in=petitions).order_by("petition", "round")
    for row in rows.values("petition", *columns):
        found.setdefault(row.pop("petition"), []).append(row)
    return found


def _sorted(runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(runs, key=lambda run: (run["key"], run["round"]))


def _batches() -> Iterator[list[int]]:
    last = 0
    while rows := list(Petition.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        yield rows
        last = rows[-1]
