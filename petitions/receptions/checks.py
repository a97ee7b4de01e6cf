"""Receptions, records and promises held against the histories they follow: there must be no difference. Repairs nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from households.paging import in_batches
from households.state_tables import BrokenHistory
from petitions.models import PetitionEvent, Promise, Reception, ReceptionRecord, ReceptionStep
from petitions.promise_states import PromiseStep, promise_after
from petitions.reception_states import reception_after
from petitions.states import PetitionAction

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that does not fit: what it is, and how it differs, in Chinese, without a name or a text."""

    subject: str
    told: str


def faults() -> Iterator[Fault]:
    """Every reception, record and promise that differs from its history."""
    yield from _receptions()
    yield from _records()
    yield from _promises()
    yield from _unwritten()


def _receptions() -> Iterator[Fault]:
    lines = defaultdict(list)
    for reception, kind, day in ReceptionStep.objects.order_by("reception", "seq").values_list(
        "reception", "kind", "day"
    ):
        lines[reception].append((kind, day))
    for pk, state, day, moves in Reception.objects.order_by("pk").values_list("pk", "state", "day", "moves"):
        kinds = [kind for kind, _ in lines[pk]]
        try:
            expected = (str(reception_after(kinds)), lines[pk][-1][1], kinds.count("move"))
        except BrokenHistory as fault:
            yield Fault(f"接访 {pk}", f"历史断了（{fault}）")
            continue
        if expected != (state, day, moves):
            yield Fault(f"接访 {pk}", "状态、日期或改期次数与历史不符")


def _records() -> Iterator[Fault]:
    """Each record must have its line, of its petition, about its reception, with its outcome."""
    rows = ReceptionRecord.objects.select_related("event", "petition").defer("event__told", "event__note")
    for record in rows.order_by("pk").iterator(_AT_ONCE):
        event = record.event
        fits = (
            event.kind == PetitionAction.RECEIVE
            and event.petition_id == record.petition_id
            and event.data.get("reception") == record.reception_id
            and event.data.get("result") == record.outcome
        )
        if not fits:
            yield Fault(f"接访记录 {record.pk}", "与信访件的办理经过不符")


def _promises() -> Iterator[Fault]:
    """State, day, and how often it was moved, recounted from the petition's own history."""
    columns = ("pk", "petition", "petition__number", "number", "state", "due_on", "moves", "seq")
    for rows in in_batches(Promise.objects.values_list(*columns), _AT_ONCE, key=itemgetter(0)):
        lines = _lines([row[1] for row in rows])
        for _, petition, name, number, state, due, moves, seq in rows:
            subject, found = f"{name} 第 {number} 项承诺", lines.get((petition, number), [])
            difference = _difference(found, (state, due.isoformat(), moves, seq))
            if difference:
                yield Fault(subject, difference)


Line = tuple[str, str, int]


def _lines(petitions: list[int]) -> dict[tuple[int, int], list[Line]]:
    """Step, day and line number of every line about a promise, by petition and promise."""
    found: dict[tuple[int, int], list[Line]] = defaultdict(list)
    events = PetitionEvent.objects.filter(petition__in=petitions, kind=PetitionAction.PROMISE)
    for petition, seq, data in events.order_by("petition", "seq").values_list("petition", "seq", "data"):
        found[petition, data.get("promise", 0)].append((data.get("step", ""), data.get("due", ""), seq))
    return found


def _difference(lines: list[Line], shown: tuple[str, str, int, int]) -> str:
    try:
        state = str(promise_after(step for step, _, _ in lines))
    except (BrokenHistory, ValueError) as fault:
        return f"历史断了（{fault}）"
    moves = sum(step == PromiseStep.MOVED for step, _, _ in lines)
    expected = (state, lines[-1][1], moves, lines[-1][2])
    return "" if expected == shown else "状态、日期或改期次数与办理经过不符"


def _unwritten() -> Iterator[Fault]:
    """Lines of histories that no row stands for: a record or a promise that was lost."""
    lost = PetitionEvent.objects.filter(kind=PetitionAction.RECEIVE, record=None)
    for number, seq in lost.order_by("pk").values_list("petition__number", "seq"):
        yield Fault(f"{number} 第 {seq} 行", "办理经过里有接访记录，记录表里没有")
    made = PetitionEvent.objects.filter(kind=PetitionAction.PROMISE, data__step=PromiseStep.MADE)
    written = Promise.objects.values("made")
    for number, seq in made.exclude(pk__in=written).order_by("pk").values_list("petition__number", "seq"):
        yield Fault(f"{number} 第 {seq} 行", "办理经过里有承诺，承诺表里没有")
