"""What a household's page says: this month's score and why, the months before, the place within the group, the points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from households.months import Month, label, month_of, spoken
from households.roles import Role
from scoring import rules
from scoring.models import Sheet
from scoring.months.months import calendar_of
from scoring.notices.rules import readable_until
from scoring.rules import Kind
from scoring.states import EventState, SheetState
from scoring.villager.row import HouseholdEvent, HouseholdRow, MonthState, PinChange, Zero, months_up_to

SMALLEST_GROUP = 5  # in a smaller one a third would point at a neighbour
BANDS = ("前三分之一", "中间三分之一", "后三分之一")


@dataclass(frozen=True, slots=True)
class HouseholdLamp:
    """One of the six zeros and how it stands: grey (no score yet), kept, broken or reminded."""

    label: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The month's result and what led to it; `remarks` say where a cap gave points back or kept some away."""

    outcome: rules.HouseholdResult
    remarks: list[str]

    @property
    def sum(self) -> str:
        """100 − 5 + 10 = 105: base, points lost, bonus, score."""
        lost = sum(self.outcome.lost.values())
        return f"{rules.BASE} − {lost} + {self.outcome.bonus} = {self.outcome.score}"


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One event as the page tells it."""

    item: HouseholdEvent
    recorder: str

    @property
    def pending(self) -> bool:
        return self.item.state is EventState.PENDING

    @property
    def withdrawn(self) -> bool:
        return self.item.state is EventState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history: score and six zeros (None while there is no score), points credited."""

    month: Month
    state: SheetState
    score: int | None
    six_zero: bool | None
    points: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the household page besides the row itself."""

    score: MonthScore | None
    lamps: list[HouseholdLamp]
    lines: list[ToldEvent]
    history: list[Past]
    band: str
    notice: str
    objection: str
    looks: list[tuple[date, str, str, str]]
    pins: list[tuple[date, str]]
    running: str
    noticed: bool
    objects: bool


def village_states(village: str, today: date) -> list[MonthState]:
    """The village's months up to today's, newest first; this month is open when nobody has begun it. One query."""
    rows = Sheet.objects.filter(village=village, period__in=months_up_to(today)).order_by("-period_id")
    states = [
        MonthState(month, SheetState(state), timezone.localdate(posted_at) if posted_at else None, forced=forced)
        for month, state, posted_at, forced in rows.values_list("period_id", "state", "posted_at", "forced")
    ]
    current = month_of(today)
    return states if states and states[0].month == current else [MonthState(current), *states]


def notice(shown: MonthState, village: str = "") -> str:
    """Where a month stands, in one sentence for villagers."""
    calendar = calendar_of(shown.month, village)
    days = calendar.posted(shown.posted_on or calendar.post_from)
    return {
        SheetState.OPEN: f"{label(shown.month)}正在录入，还没有得分。",
        SheetState.DECLARED: f"{label(shown.month)}村里已经申报，等乡镇审核。",
        SheetState.REVIEWED: f"{label(shown.month)}乡镇已经审核，{spoken(calendar.post_from)}起公示。",
        SheetState.POSTED: f"{label(shown.month)}正在公示，到{spoken(days.post_until)}为止。",
        SheetState.FROZEN: f"{label(shown.month)}已经锁定{_unposted(shown)}，{spoken(calendar.redeem_from)}起可以兑换。",
    }[shown.state]


def _unposted(shown: MonthState) -> str:
    """A month that the county locked before its time: never posted, or not for as long as it should have been."""
    if not shown.posted_on:
        return "（县里提前锁定，没有经过公示）"
    return "（县里提前锁定，公示没有到期）" if shown.forced else ""


def objection(shown: MonthState, today: date, village: str = "") -> str:
    """Until when the household may object to a month's records, and what it can do before and after."""
    calendar = calendar_of(shown.month, village)
    if shown.state is SheetState.POSTED:
        until = calendar.posted(shown.posted_on or calendar.post_from).objections_until
        return f"对{label(shown.month)}的记录有不同意见，请在{spoken(until)}（含）以前提异议，{_left(until, today)}。"
    if shown.state is SheetState.FROZEN:
        return f"{label(shown.month)}已经锁定。确实记错了，仍然可以提异议，由乡镇核查、县六零办批准以后更正。"
    return f"{label(shown.month)}还没有公示。觉得哪一条不对，现在就告诉村干部，不用等公示。"


def _left(until: date, today: date) -> str:
    days = (until - today).days
    return f"还有 {days} 天" if days > 0 else "今天是最后一天" if days == 0 else "日子已经过了，提了由乡镇核查"


def page_of(row: HouseholdRow) -> Page:
    """The page for the month the row was read for. Pure: the same row gives the same page."""
    counted = [item for item in row.items if item.state.counts]
    score = score_of(counted, row.zeros) if row.shown.scored else None
    return Page(
        score=score,
        lamps=_lamps(row.zeros, counted, scored=score is not None),
        lines=[ToldEvent(item, person(item.recorder_role, item.recorder_name)) for item in row.items],
        history=_history(row, score),
        band=band(score.outcome.score, row.neighbours) if score else "",
        notice=notice(row.shown, row.place.village_code),
        objection=objection(row.shown, row.today, row.place.village_code),
        objects=row.shown.state in (SheetState.POSTED, SheetState.FROZEN),
        looks=[(look.day, person(look.role, None), look.reason, look.what) for look in row.looks],
        pins=[(change.day, _change(change)) for change in row.pins],
        running="" if row.shown == row.current else notice(row.current, row.place.village_code),
        noticed=_is_noticed(row),
    )


def _is_noticed(row: HouseholdRow) -> bool:
    """Whether everybody can read the village's notice of the month today."""
    shown = row.shown
    if shown.posted_on is None or shown.state not in (SheetState.POSTED, SheetState.FROZEN):
        return False
    days = calendar_of(shown.month, row.place.village_code).posted(shown.posted_on)
    return shown.state is SheetState.POSTED or row.today <= readable_until(days)


def _change(change: PinChange) -> str:
    """What happened to the plate's PIN, and whose post it was."""
    who = person(change.role, None) if change.role in set(Role) else ""
    return {
        "plate.issue": f"{who}发了户牌和纸条上的密码",
        "plate.new_pin": f"{who}换了密码，给了一张新纸条",
    }.get(change.action, "您家自己设了密码")


def score_of(counted: Sequence[HouseholdEvent], zeros: Sequence[Zero]) -> MonthScore:
    """The score by the same arithmetic as everywhere, from the events that count."""
    codes = {zero.position: zero.code for zero in zeros}
    shares = {zero.code: zero.share for zero in zeros}
    names = {zero.code: zero.name for zero in zeros}
    events = [rules.Event(codes[item.indicator], item.kind, item.points) for item in counted]
    lines = rules.explain_household(events, shares, names)
    return MonthScore(rules.household_score(events, shares), [line.what for line in lines[1:] if line.event is None])


def band(score: int, neighbours: dict[int, int]) -> str:
    """In which third of its group a score stands, ties counted forward; empty for a group too small to say so."""
    households = sum(neighbours.values())
    if households < SMALLEST_GROUP:
        return ""
    better = sum(number for other, number in neighbours.items() if other > score)
    return BANDS[min(better * len(BANDS) // households, len(BANDS) - 1)]


def person(role: str | None, name: str | None) -> str:
    """Role and name of somebody who works in the system; the county office for what no account did."""
    return f"{Role(role).label} {name or ''}".rstrip() if role else "县六零办"


def _lamps(zeros: Sequence[Zero], counted: Sequence[HouseholdEvent], *, scored: bool) -> list[HouseholdLamp]:
    def state(position: int) -> str:
        kinds = {item.kind for item in counted if item.indicator == position}
        if not scored:
            return "grey"
        return "broken" if Kind.DEDUCT in kinds else "reminded" if Kind.REMIND in kinds else "kept"

    return [HouseholdLamp(zero.lamp, zero.name, state(zero.position)) for zero in zeros]


def _history(row: HouseholdRow, score: MonthScore | None) -> list[Past]:
    """Every month from the rows the roll-up keeps; the shown month's score is fresh, the roll-up may not have run yet."""
    scores: dict[Month, tuple[int, bool]] = {
        month: (points, broken == 0) for month, (points, broken) in row.scores.items()
    }
    scores.pop(row.shown.month, None)
    if score:
        scores[row.shown.month] = (score.outcome.score, score.outcome.six_zero)
    past = []
    for state in row.states:
        points, six_zero = scores.get(state.month, (None, None)) if state.state.is_scored else (None, None)
        past.append(Past(state.month, state.state, points, six_zero, row.credited.get(state.month, 0)))
    return past
