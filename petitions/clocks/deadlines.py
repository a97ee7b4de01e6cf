"""Where the pure clocks meet the database: histories in, due dates and their explanation out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TypedDict

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from households.paging import in_batches
from households.state_tables import BrokenHistory
from petitions.clock_types import HistoryLine, Limits
from petitions.clocks import clocks
from petitions.clocks.explain import ExplainedClock, explain_clock, for_filer
from petitions.models import Petition, PetitionEvent
from petitions.states import replay

_AT_ONCE = 500  # petitions whose histories are read in one statement


class ClockColumns(TypedDict):
    """The two columns of a petition that are copies of its clocks."""

    paused: bool
    due_on: date | None


def limits() -> Limits:
    """The limits in force: those of the regulation, and what the county set for hotline, net and objections."""
    return Limits(
        objection=settings.PETITION_OBJECTION_DAYS,
        hotline_working=settings.PETITION_HOTLINE_DAYS,
        net_working=settings.PETITION_NET_DAYS,
    )


def promised_days(content: str) -> dict[str, int]:
    """What a line says that starts the handling of such a petition: the county's promise of the day, as {"promised": days}.

    Nothing for 申诉求决, whose days the regulation names.
    """
    days = settings.PETITION_PROMISED_DAYS.get(content)
    return {"promised": days} if days else {}


def history_of(petition: Petition) -> list[HistoryLine]:
    """The petition's history with the reasons that the filer was told."""
    return [history_line(event) for event in PetitionEvent.objects.filter(petition=petition).defer("note")]


def history_line(event: PetitionEvent) -> HistoryLine:
    """A row of the history as the clocks read it."""
    return HistoryLine(event.kind, event.at, event.data, event.told, event.seq)


def explained(petition: Petition, today: date | None = None, *, filer: bool = False) -> list[ExplainedClock]:
    """Every clock of the petition with its lines: what is owed now first, then rights that run, then what has ended.

    For the `filer` without what offices settle among themselves.
    """
    return explained_from(history_of(petition), today or timezone.localdate(), filer=filer)


def explained_from(history: Sequence[HistoryLine], today: date, *, filer: bool = False) -> list[ExplainedClock]:
    """The same from a history that was read already."""
    found = [explain_clock(each, today) for each in clocks.clocks(history, limits())]
    found.reverse()
    found.sort(key=_order)
    return for_filer(found) if filer else found


def _order(one: ExplainedClock) -> tuple[bool, bool, date]:
    clock = one.clock
    return not clock.running, not clock.key.owed, (clock.due or date.max) if clock.running else date.min


def handed_over(petition: Petition) -> dict[str, str]:
    """From which day its running clocks count, for the `tell` line of the petition that takes it in ("since")."""
    return clocks.since(bare(PetitionEvent.objects.filter(petition=petition)), limits())


def bare(events: "QuerySet[PetitionEvent]") -> list[HistoryLine]:
    """Histories without their sealed words."""
    rows = events.values_list("kind", "at", "data", "seq")
    return [HistoryLine(kind, at, data, seq=seq) for kind, at, data, seq in rows]


def clock_columns_of(history: Sequence[HistoryLine], given: Limits | None = None) -> ClockColumns:
    """The two columns as a history has them, which need not be written down yet."""
    given = given or limits()
    return {"paused": clocks.is_paused(history), "due_on": clocks.due_on(history, given)}


@dataclass(frozen=True, slots=True)
class ClockDrift:
    """A petition that shows something else than its history gives: `state`, `paused` or `due_on`."""

    number: str
    expected: dict[str, object]
    found: dict[str, object]


def drifts() -> Iterator[ClockDrift]:
    """Every petition whose state, pause or due day differs from its history: there must be none. Repairs nothing."""
    given = limits()
    columns = ("pk", "number", "state", "paused", "due_on")
    for rows in in_batches(Petition.objects.values_list(*columns), _AT_ONCE, key=itemgetter(0)):
        read = histories([pk for pk, *_ in rows])
        for pk, number, state, paused, due_on in rows:
            expected = _replayed(read.get(pk, []), given)
            found: dict[str, object] = {"state": state, "paused": paused, "due_on": due_on}
            if expected != found:
                yield ClockDrift(number, expected, found)


def _replayed(history: Sequence[HistoryLine], given: Limits) -> dict[str, object]:
    try:
        state = str(replay(each.kind for each in history))
    except BrokenHistory as fault:
        state = f"({fault})"
    return {"state": state, **clock_columns_of(history, given)}


def histories(petitions: Iterable[int]) -> dict[int, list[HistoryLine]]:
    """The histories of several petitions in one statement, without their sealed words, by primary key."""
    rows = PetitionEvent.objects.filter(petition__in=petitions).order_by("petition", "seq")
    lines = rows.values_list("petition", "kind", "at", "data", "seq")
    grouped = groupby(lines, key=lambda line: line[0])
    return {pk: [HistoryLine(kind, at, data, seq=seq) for _, kind, at, data, seq in group] for pk, group in grouped}
