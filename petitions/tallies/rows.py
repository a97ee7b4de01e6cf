"""Keeping the rows that the county board sums: written with every step, counted anew on demand, compared by verify."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model

from households.codes import county_of
from households.paging import batched, in_batches
from households.sql import NULL, copy_in, run
from households.workdays.workdays import local_day
from petitions.clock_types import HistoryLine, Limits
from petitions.clocks.clocks import clocks, next_due
from petitions.clocks.deadlines import histories, limits
from petitions.models import AnswerRow, ClockRun, Content, Petition
from petitions.states import PetitionAction
from petitions.tallies.accounts import CountedAnswer, Run, answers_of, runs_of, runs_of_clocks

COUNTED_ANEW = "petitions.board.counted_anew"  # in the cache: which recount the figures rest on
_AT_ONCE = 500  # petitions whose histories are read in one statement
_ABOUT = ("county", "channel", "kind", "secret")
_RUN, _ANSWER = ((*_ABOUT, *row.__dataclass_fields__) for row in (Run, CountedAnswer))
Row = dict[str, Any]


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


def keep(petition: Petition, history: Sequence[HistoryLine]) -> None:
    """Write what the history gives; in the transaction of the step that was just added to it. Two statements at most."""
    keep_all([(petition, history)])


def keep_all(histories: Iterable[tuple[Petition, Sequence[HistoryLine]]]) -> None:
    """The same for several petitions, for those who write many histories at once."""
    given = limits()
    counted = [(petition.pk, *_counted(petition, lines, given)) for petition, lines in histories]
    _write(_RUNS, [(pk, row) for pk, runs, _ in counted for row in runs])
    _write(_ANSWERS, [(pk, row) for pk, _, answers in counted for row in answers])


class First(NamedTuple):
    """The due day as a petition is filed, and the rows of its clocks from `key` on, in COPY's form."""

    due: date | None
    rows: list[str]


class FirstClocks:
    """The clocks that begin as a petition is filed, worked out once for all of a day that are alike."""

    def __init__(self) -> None:
        self._given = limits()
        self._known: dict[tuple[object, ...], First] = {}

    def of(self, at: datetime, data: Mapping[str, str]) -> First:
        """Those of what came in at a time; `data` is that of the line by which it is filed."""
        kind = (local_day(at), *data.values())
        found = self._known.get(kind)
        if found is None:
            line = HistoryLine(PetitionAction.FILE, at, data, seq=1)
            begun = clocks([line], self._given)
            runs = sorted(runs_of_clocks(begun, [line]), key=_order)
            rows = ["\t".join(_copied(getattr(run, name)) for name in Run.__dataclass_fields__) for run in runs]
            found = self._known[kind] = First(next_due(begun), rows)
        return found


def keep_first(filed: Iterable[tuple[int, Row, list[str]]]) -> None:
    """The rows of petitions that are just being filed: primary key, what `about` says of it, its `FirstClocks`."""
    lines = ["\t".join([str(pk), *map(_copied, known.values()), row]) for pk, known, rows in filed for row in rows]
    if lines:
        copy_in("petitions_clockrun", ("petition_id", *_RUN), lines)


def _copied(value: object) -> str:
    return NULL if value is None else str(value)


def about(*, number: str, channel: str, kind: str, content: str) -> Row:
    """What stands on each row of a petition."""
    return {"county": county_of(number), "channel": channel, "kind": kind, "secret": content == Content.ACCUSATION}


def _counted(petition: Petition, lines: Sequence[HistoryLine], given: Limits) -> tuple[list[Row], list[Row]]:
    """The petition's rows as its history and its classification give them: of its clocks, of its answers."""
    named = {name: getattr(petition, name) for name in ("number", "channel", "kind", "content")}
    known = about(**named)
    runs = [known | asdict(run) for run in sorted(runs_of(lines, given), key=_order)]
    return runs, [known | asdict(answer) for answer in answers_of(lines)]


def _order(run: Run) -> tuple[str, int]:
    return run.key, run.round


def _write(statement: str, rows: Sequence[tuple[int, Row]]) -> None:
    for batch in batched(rows, _AT_ONCE):
        values = [(pk, *row.values()) for pk, row in batch]
        marks = f"({', '.join(['%s'] * len(values[0]))})"
        run(statement.format(values=", ".join([marks] * len(values))), [value for row in values for value in row])


def recount() -> int:
    """Count every petition anew; how many there are. For the operator, after the limits of a clock were changed."""
    counted = 0
    for petitions in _batches():
        read = histories([petition.pk for petition in petitions])
        with transaction.atomic():
            keep_all((petition, read.get(petition.pk, [])) for petition in petitions)
        counted += len(petitions)
    cache.set(COUNTED_ANEW, uuid4().hex, None)
    return counted


def uncounted() -> bool:
    """Whether there are petitions and nothing was ever counted: an installation from before there was a board."""
    return Petition.objects.exists() and not ClockRun.objects.exists()


@dataclass(frozen=True, slots=True)
class Miscount:
    """A petition whose rows are not those of its history."""

    number: str
    expected: list[Row]
    found: list[Row]


def miscounts() -> Iterator[Miscount]:
    """Every petition whose rows differ from its history: there must be none. Repairs nothing."""
    given = limits()
    for petitions in _batches():
        keys = [petition.pk for petition in petitions]
        read, runs, answers = histories(keys), _held(ClockRun, _RUN, keys), _held(AnswerRow, _ANSWER, keys)
        for petition in petitions:
            pk = petition.pk
            expected = [row for rows in _counted(petition, read.get(pk, []), given) for row in rows]
            found = [*sorted(runs.get(pk, []), key=lambda run: (run["key"], run["round"])), *answers.get(pk, [])]
            if expected != found:
                yield Miscount(petition.number, expected, found)


def _held(model: type[Model], columns: Sequence[str], petitions: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    rows = model._default_manager.filter(petition__in=petitions).order_by("petition", "round")
    for row in rows.values("petition", *columns):
        found.setdefault(row.pop("petition"), []).append(row)
    return found


def _batches() -> Iterator[list[Petition]]:
    return in_batches(Petition.objects.only("pk", "number", "channel", "kind", "content"), _AT_ONCE)
