"""What became of made-up petitions, step by step: lines as a history has them, drawn by chance.

Every life is one that the table of `petitions.states` allows; nothing in it is known before the one who writes it down
gives it a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from households.workdays.workdays import DAY, SHANGHAI, add_workdays, is_workday
from petitions.demo.matters import FIRMS, MATTERS, Matter
from petitions.models import Channel, Content, Demand, Path, PetitionKind, RatedSubject, Score, Way
from petitions.states import PetitionAction as Act
from petitions.states import PetitionState as State
from petitions.steps.reminding import CLOSED_WORDS
from petitions.steps.routing import ACCEPTED_WORDS

FILER, OFFICE, UNIT, SCHEDULE = "filer", "office", "unit", "schedule"
ELSEWHERE = "您反映的事项依法应通过诉讼、仲裁等途径解决，我们已把办理地点和电话告诉您。"
WAYS: dict[Channel, tuple[Way, ...]] = {
    Channel.ENTERPRISE: (Way.VISIT, Way.ENTERPRISE),
    Channel.PEOPLE: (Way.VISIT, Way.VISIT, Way.PAGE, Way.LETTER),
    Channel.NET: (Way.REDNET, Way.MAILBOX, Way.HOTLINE),
}


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One step: who made it (FILER, OFFICE, UNIT or SCHEDULE), when, and what it left the state at."""

    action: Act
    state: State
    at: datetime
    who: str
    told: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Life:
    """A petition with its history. `person` counts through the filers."""

    channel: Channel
    way: Way
    kind: PetitionKind
    demand: Demand
    place: str
    matter: Matter
    enterprise: str
    person: int
    lines: tuple[LifeStep, ...]
    content: Content = Content.APPEAL

    @property
    def filed_at(self) -> datetime:
        return self.lines[0].at


@dataclass(frozen=True, slots=True)
class LifeBatch:
    """How many to draw: `solved` ended well, `elsewhere` belonged on another path; filed on one of `days`."""

    channel: Channel
    days: tuple[date, ...]
    solved: int
    elsewhere: int


def lives(batch: LifeBatch, places: Sequence[str], rng: Random) -> list[Life]:
    """The batch's lives, earliest first; `places` are codes of villages."""
    wanted = [True] * batch.solved + [False] * batch.elsewhere
    drawn = [_life(batch, places, rng, solved) for solved in wanted]
    return sorted(drawn, key=lambda life: life.filed_at)


def _life(batch: LifeBatch, places: Sequence[str], rng: Random, solved: bool) -> Life:
    way = rng.choice(WAYS[batch.channel])
    filed = moment(rng.choice(batch.days), rng)
    demand = rng.choice(list(Demand))
    life = _solved(filed, way, demand, rng) if solved else _elsewhere(filed, rng)
    return Life(
        channel=batch.channel,
        way=way,
        kind=rng.choices(list(PetitionKind), weights=(84, 12, 4))[0],
        demand=demand,
        place=rng.choice(places),
        matter=rng.choice(MATTERS[batch.channel]),
        enterprise=rng.choice(FIRMS) if batch.channel is Channel.ENTERPRISE else "",
        person=rng.randrange(10**6),
        lines=tuple(life),
    )


def moment(day: date, rng: Random) -> datetime:
    """Some minute of the office's day."""
    return datetime.combine(day, time(8, 40), SHANGHAI) + timedelta(minutes=rng.randrange(500))


def _elsewhere(filed: datetime, rng: Random) -> list[LifeStep]:
    told = filed + timedelta(days=rng.randrange(1, 10))
    path = {"path": rng.choice((Path.LITIGATION, Path.RULING)).value}
    return [
        LifeStep(Act.FILE, State.FILED, filed, FILER),
        LifeStep(Act.NOT_ACCEPT, State.NOT_ACCEPTED, told, OFFICE, ELSEWHERE, data=path),
    ]


def _solved(filed: datetime, way: Way, demand: Demand, rng: Random) -> list[LifeStep]:
    """Accepted, assigned, handled, answered, confirmed or left to its time, closed. One in thirty is late."""
    accepted = _later(filed, rng.randrange(0, 4), rng)
    assigned = accepted + timedelta(minutes=rng.randrange(20, 300))
    answered = _answered(filed, way, demand, rng)
    handled = answered - timedelta(hours=rng.randrange(2, 9))
    lines = [
        LifeStep(Act.FILE, State.FILED, filed, FILER),
        LifeStep(Act.ACCEPT, State.ACCEPTED, accepted, OFFICE, ACCEPTED_WORDS),
        LifeStep(Act.ASSIGN, State.ASSIGNED, assigned, OFFICE),
        LifeStep(Act.HANDLE, State.HANDLED, max(handled, assigned), UNIT),
        LifeStep(Act.ANSWER, State.ANSWERED, max(answered, assigned), UNIT, data={"round": 1}),
    ]
    return [*lines, *_ending(lines[-1].at, rng)]


def _answered(filed: datetime, way: Way, demand: Demand, rng: Random) -> datetime:
    late = rng.random() < 1 / 30
    if way in (Way.HOTLINE, Way.REDNET, Way.MAILBOX):
        days = 3 if demand is Demand.CONSULT else 6
        return _later(filed, days + (4 if late else -rng.randrange(0, 2)), rng)
    return _later(filed, rng.randrange(44, 50) if late else rng.randrange(4, 30), rng)


def _ending(answered: datetime, rng: Random) -> list[LifeStep]:
    if rng.random() < 0.25:
        over = datetime.combine(answered.date() + 16 * DAY, time(1, 10), SHANGHAI)
        return [LifeStep(Act.CLOSE, State.CLOSED, over, SCHEDULE, CLOSED_WORDS)]
    confirmed = answered + timedelta(days=rng.randrange(0, 9), minutes=rng.randrange(30, 200))
    closed = _later(confirmed, rng.randrange(0, 3), rng)
    return [
        LifeStep(Act.CONFIRM, State.CONFIRMED, confirmed, FILER),
        *_rated(confirmed, rng),
        LifeStep(Act.CLOSE, State.CLOSED, max(closed, confirmed), OFFICE),
    ]


def _later(start: datetime, workdays: int, rng: Random) -> datetime:
    """So many working days after, within office hours; never before `start`."""
    day = add_workdays(start.astimezone(SHANGHAI).date(), workdays)
    return max(start + timedelta(minutes=10), moment(day, rng))


def _rated(confirmed: datetime, rng: Random) -> list[LifeStep]:
    """What the filer thinks of office and unit; one in five says nothing."""
    if rng.random() < 0.2:
        return []
    scores = dict(zip(RatedSubject, rng.choices(list(Score), (80, 16, 4), k=2), strict=True))
    return [
        LifeStep(
            Act.RATE, State.CONFIRMED, confirmed, FILER, data={"round": 1, "subject": who.value, "score": score.value}
        )
        for who, score in scores.items()
    ]


def workdays(first: date, last: date) -> tuple[date, ...]:
    """The working days from `first` to `last`."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    return tuple(day for day in days if is_workday(day))
