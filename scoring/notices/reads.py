"""A village's notice (公示): every household that has a result, by surname alone, and until when to object.

Nothing negative stands beside a name: no clause, no deduction, no reason. Lines follow surname and result, not the
household's number, which would name it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from households.codes import Level, group_of
from households.masks import mask_name
from households.models import Division, Household
from households.months import Month, last_day
from households.register.past_names import called_on
from households.scope import lies_in
from scoring import rules
from scoring.models import DivisionScore, HouseholdScore, Scheme, Sheet
from scoring.months.calendar import PostedDays
from scoring.months.called import called_then, with_names
from scoring.months.months import calendar_of
from scoring.notices.rules import objecting, readable_until, spoken_text
from scoring.states import SheetState

_LONGEST = timedelta(days=400)  # no notice is readable longer


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One household: 张*, its result, and whether all six zeros were kept."""

    name: str
    score: int
    six_zero: bool


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """A group's households."""

    code: str
    name: str
    lines: list[NoticeLine]


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """A posted month of a village, without its lines. `forced` was frozen before the calendar would have."""

    month: Month
    village: Division
    state: SheetState
    posted_on: date
    days: PostedDays
    forced: bool = False

    @property
    def until(self) -> date:
        """The last day on which everybody can read it."""
        return readable_until(self.days)

    def is_open(self, today: date) -> bool:
        """Whether everybody reads it: while it is posted, and for the days that the law gives."""
        return self.state is SheetState.POSTED or today <= self.until

    def takes_objections(self, today: date) -> bool:
        """Whether an objection filed today is in time."""
        return self.state is SheetState.POSTED and today <= self.days.objections_until

    def objecting(self, today: date) -> str:
        """What is said of objections on that day."""
        return objecting(self.days, takes=self.takes_objections(today), forced=self.forced)


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """The whole of it. `result` is the village's, with two decimals."""

    head: NoticeHead
    groups: list[NoticeGroup]
    result: str
    as_of: datetime | None
    scheme: Scheme

    @property
    def households(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    @property
    def six_zero(self) -> int:
        return sum(line.six_zero for group in self.groups for line in group.lines)

    @property
    def spoken(self) -> str:
        """What the loudspeaker says today."""
        head = self.head
        return spoken_text(
            head.month,
            head.village.name,
            self.households,
            self.six_zero,
            head.days,
            takes=head.takes_objections(timezone.localdate()),
            forced=head.forced,
        )


def posted() -> Any:
    """Sheets that were posted, whatever became of them since; one that was frozen by force never was. A scoped queryset."""
    shown = Sheet.objects.filter(posted_at__isnull=False, state__in=[SheetState.POSTED, SheetState.FROZEN])
    return with_names(shown)


def head_of(sheet: Sheet) -> NoticeHead:
    """A sheet as the head of a notice; one frozen by force is dated by its calendar, and takes no objection in time."""
    calendar = calendar_of(sheet.period_id, sheet.village_id)
    called_then(sheet)
    posted_on = timezone.localdate(sheet.posted_at) if sheet.posted_at else calendar.post_from
    days = calendar.posted(posted_on)
    return NoticeHead(sheet.period_id, sheet.village, SheetState(sheet.state), posted_on, days, sheet.forced)


def head(month: Month, village: str) -> NoticeHead | None:
    """None for a month that was not posted. One query."""
    sheet = posted().filter(period=month, village=village).first()
    return head_of(sheet) if sheet else None


def heads_of(village: str, months: Collection[Month]) -> list[NoticeHead]:
    """A village's months that can be objected to, newest first: the posted ones, and those frozen by force, whose days are over."""
    known = with_names(Sheet.objects.filter(village=village, period__in=months))
    shown = known.filter(state=SheetState.FROZEN) | known.filter(state=SheetState.POSTED, posted_at__isnull=False)
    return [head_of(sheet) for sheet in shown.order_by("-period")]


def open_heads(today: date) -> list[NoticeHead]:
    """Every notice that everybody can read today, by village and the newest month first. One query."""
    since = timezone.now() - _LONGEST
    recent = posted().filter(posted_at__gte=since) | posted().filter(state=SheetState.POSTED)
    heads = map(head_of, recent.order_by("village", "-period"))
    return [one for one in heads if one.is_open(today)]


def notices(heads: Iterable[NoticeHead]) -> list[PostedNotice]:
    """The whole of notices that are all of one month, and lie in one township or village."""
    wanted = list(heads)
    if not wanted:
        return []
    month, villages = wanted[0].month, [one.village.code for one in wanted]
    low = villages[0] if len(villages) == 1 else villages[0][: Level.TOWNSHIP.code_length]
    lines = _lines(month, low)
    known = called_on(Division.objects.filter(lies_in(low)).of_level(Level.GROUP), last_day(month))
    groups = {one.code: one.name for one in known}
    results = {line.code: line for line in DivisionScore.objects.filter(month=month, code__in=villages)}
    scheme = Scheme.objects.get(periods=month)
    return [_notice(one, lines, groups, results.get(one.village.code), scheme) for one in wanted]


def _lines(month: Month, place: str) -> dict[str, list[NoticeLine]]:
    """By group, in the order of surname and result. Two queries."""
    names = dict(Household.objects.filter(lies_in(place)).order_by().values_list("code", "head_name"))
    scores = HouseholdScore.objects.filter(lies_in(place), month=month).values_list("code", "score", "broken")
    found = defaultdict[str, list[NoticeLine]](list)
    for code, score, broken in scores:
        found[group_of(code)].append(NoticeLine(mask_name(names.get(code, "")), score, broken == 0))
    for lines in found.values():
        lines.sort(key=lambda line: (line.name, -line.score))
    return found


def _notice(
    one: NoticeHead,
    lines: Mapping[str, list[NoticeLine]],
    groups: Mapping[str, str],
    line: DivisionScore | None,
    scheme: Scheme,
) -> PostedNotice:
    own = sorted(code for code in lines if code.startswith(one.village.code))
    shown = rules.display(rules.result(line.total, line.households)) if line else ""
    parts = [NoticeGroup(code, groups.get(code, ""), lines[code]) for code in own]
    return PostedNotice(one, parts, shown, line.as_of if line else None, scheme)
