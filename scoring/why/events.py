"""Events as an explanation shows them, and the lamps they light. Who may not read an entry sees its points alone."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from households.months import Month
from scoring import rules
from scoring.models import Indicator, ScoreEvent, Source
from scoring.readers import Reader
from scoring.reasons import label_of
from scoring.rules import Kind
from scoring.schemes.redlines import PETITION
from scoring.states import EventState, event_state
from scoring.why.hands import Hand, hands_of, person

WITHHELD = "依法记录，内容不公开"
AFTER_REMINDER = "提醒后不改"  # so a clause says that somebody was told before


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as it is shown. Of a withheld one nothing is left but the zero, the kind and the points."""

    code: str
    indicator: str
    indicator_code: str
    kind: Kind
    points: int
    state: EventState
    clause: str = ""
    text: str = WITHHELD
    event: int | None = None
    date: datetime.date | None = None
    document_no: str = ""
    note: str = ""
    recorded_by: str = ""
    confirmed_by: str = ""
    withdraw_reason: str = ""
    reminder: ScoreEvent | None = None  # the last one before, for a clause that rests on one
    hands: Sequence[Hand] = ()
    photos: int = 0  # that the reader may look at
    paper: bool = False  # keyed in from a sheet that is kept as a photo, for who may look at photos of it

    @property
    def withheld(self) -> bool:
        return self.event is None

    @property
    def amount(self) -> int:
        """Signed points: deductions below zero."""
        return self.kind.sign * self.points


@dataclass(frozen=True, slots=True)
class ZeroLamp:
    """One zero of a household: see templates/_lamps.html."""

    label: str
    name: str
    state: str


@dataclass(frozen=True)
class Recorded:
    """Everything recorded against one household or division in a month; `counted` are confirmed and not withdrawn."""

    events: list[ScoreEvent]
    lines: Mapping[int, EventLine]

    @property
    def counted(self) -> list[ScoreEvent]:
        return [event for event in self.events if event.confirmed_at and not event.withdrawn_at]

    @property
    def counted_lines(self) -> list[EventLine]:
        return [self.lines[event.pk] for event in self.counted]

    @property
    def other_lines(self) -> list[EventLine]:
        """What waits for confirmation or was withdrawn."""
        return [line for line in self.lines.values() if not line.state.counts]


def recorded(month: Month, code: str, indicators: Sequence[Indicator], reader: Reader) -> Recorded:
    """The events of a household or division itself, in the order of the sum. One query."""
    people = ("clause", "recorded_by", "confirmed_by")
    found = (
        ScoreEvent.objects.filter(period=month, code=code)
        .select_related(*people)
        .with_public_reasons()
        .with_photo_counts()
    )
    events = list(found.order_by("indicator", "date", "id"))
    by_position = {indicator.position: indicator for indicator in indicators}
    told = _reminders_before(events)
    readable = [e for e in events if not _is_withheld(by_position[e.indicator], reader)]
    hands = hands_of(readable, named=reader.scope.covers(code))
    lines = {e.pk: event_line(e, by_position[e.indicator], reader, told.get(e.pk), hands.get(e.pk, ())) for e in events}
    return Recorded(events, lines)


def _reminders_before(events: Sequence[ScoreEvent]) -> dict[int, ScoreEvent]:
    """Of each event that rests on a reminder, the last one of the same zero before its day. One query if there is one."""
    resting = [event for event in events if AFTER_REMINDER in event.clause.text]
    if not resting:
        return {}
    told = ScoreEvent.objects.counted().filter(code=resting[0].code, kind=Kind.REMIND)
    earlier = list(told.filter(date__lt=max(event.date for event in resting)).order_by("date", "id"))
    return {
        event.pk: reminder
        for event in resting
        for reminder in earlier
        if reminder.indicator == event.indicator and reminder.date < event.date
    }


def _is_withheld(indicator: Indicator, reader: Reader) -> bool:
    return indicator.code == PETITION and not reader.reads_petition_entries


def event_line(
    event: ScoreEvent,
    indicator: Indicator,
    reader: Reader,
    reminder: ScoreEvent | None = None,
    hands: Sequence[Hand] = (),
) -> EventLine:
    """The event as the reader may see it: by post alone for who reads it from below."""
    state = event_state(confirmed=event.confirmed_at is not None, withdrawn=event.withdrawn_at is not None)
    if _is_withheld(indicator, reader):
        return EventLine(event.code, indicator.name, indicator.code, Kind(event.kind), event.points, state)
    named, sees = reader.scope.covers(event.code), reader.sees_photos(event.code, event.recorded_by)
    return EventLine(
        code=event.code,
        indicator=indicator.name,
        indicator_code=indicator.code,
        kind=Kind(event.kind),
        points=event.points,
        state=state,
        clause=event.clause.code,
        text=event.clause.text,
        event=event.pk,
        date=event.date,
        document_no=event.document_no,
        note=event.note,
        recorded_by=person(event.recorded_by, named=named),
        confirmed_by=person(event.confirmed_by, named=named) if event.confirmed_at else "",
        withdraw_reason=_why_withdrawn(event, reader),
        reminder=reminder,
        hands=hands,
        photos=getattr(event, "photo_count", 0) if sees else 0,
        paper=sees and event.source == Source.PAPER,
    )


def _why_withdrawn(event: ScoreEvent, reader: Reader) -> str:
    """The listed reason of a correction; what staff wrote on a sheet is for the staff of that place."""
    public: str | None = getattr(event, "public_reason", None)
    if public:
        return label_of(public)
    return event.withdraw_reason if reader.scope.covers(event.code) else ""


def facts_of(events: Iterable[ScoreEvent], indicators: Iterable[Indicator]) -> list[rules.Event]:
    """Events as the arithmetic takes them; the key is the event's number."""
    codes = {indicator.position: indicator.code for indicator in indicators}
    return [rules.Event(codes[event.indicator], Kind(event.kind), event.points, event.pk) for event in events]


def lamps_of(
    indicators: Iterable[Indicator], broken: frozenset[str] | None, reminded: frozenset[str] = frozenset()
) -> list[ZeroLamp]:
    """Six lamps; grey ones when `broken` is None, because nothing has been declared."""

    def state(code: str) -> str:
        if broken is None:
            return "grey"
        if code in broken:
            return "broken"
        return "reminded" if code in reminded else "kept"

    return [ZeroLamp(indicator.lamp, indicator.name, state(indicator.code)) for indicator in indicators]
