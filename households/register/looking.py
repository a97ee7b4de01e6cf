"""Who looked at what is private about households: written down at every door, read by the household itself.

A look at one household has its code as the line's place, a look at a list that of the narrowest place that holds all of it: so
a household is told of both. What repeats within the hour is one line.

Whoever names a household in full says so by `shown` (`households.register.reads.name_for` does), and what a view has not written down
itself is written down when its answer leaves: a new page cannot forget to.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from households import audit
from households.attempts import take_all
from households.codes import ancestors, narrowest
from households.models import AuditEvent, User
from households.replicas.reading import on_primary
from households.roles import LABELS

SEEN = "household.see"
LISTED = "household.list"
SHEET = "household.sheet"
PRINTED = "household.print"
EXPORTED = "household.export"
BY_PHONE = "household.by_phone"
COPIED = "household.copy"
_HOUR = 3600
Look = tuple[str, str]  # the action, as one of those above, and the code of the place
_LOOKED_BACK = timedelta(days=730)
# What a household is told, by the action of the audit line.
WORDS: dict[str, str] = {
    "household.unmask": "看了完整电话",
    "household.name": "看了完整姓名",
    SEEN: "看了您家的姓名或地址",
    LISTED: "看了名册",
    SHEET: "看了带姓名的月度台账",
    PRINTED: "打印了户牌或名单",
    EXPORTED: "导出了带姓名的表",
    BY_PHONE: "按电话后四位找到",
    COPIED: "取走了您家自己的副本",
    "plate.issue": "发了户牌和密码",
    "plate.replace": "换了户牌",
    "plate.new_pin": "换了户牌密码",
    "households.import": "导入了户册",
}


def register(words: Mapping[str, str]) -> None:
    """What another room reads or hands over about households, and how a household is told of it."""
    WORDS.update(words)


def note(user: User, action: str, places: Iterable[str]) -> None:
    """Somebody looks at these places (codes); once an hour for each person, door and place."""
    note_all(user, [(action, place) for place in places])


def note_list(user: User, action: str, households: Iterable[str]) -> None:
    """Somebody looks at a list of households: one line, of the narrowest place that holds all of them."""
    note_all(user, listed(action, households))


def listed(action: str, households: Iterable[str]) -> list[Look]:
    """The look at a list: none when it is empty."""
    codes = list(households)
    return [(action, narrowest(codes))] if codes else []


def note_all(user: User, looks: Iterable[Look]) -> None:
    """Looks through several doors, each with its place, as `note`: one question to the cache, one statement for all lines."""
    wanted = [(action, place) for action, place in looks if place]
    if seen := _seen.get():
        seen.noted.update(place for _, place in wanted)
    doors = {f"looked:{user.pk}:{action}:{place}": (action, place) for action, place in wanted}
    taken = take_all(doors, _HOUR) if doors else []
    with on_primary():
        audit.record_all(audit.line(user, action, place=place) for action, place in map(doors.__getitem__, taken))


@dataclass(slots=True)
class Seen:
    """What an answer shows: households by who sees them, and places that the view has written down itself."""

    shown: dict[User, set[str]] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


def shown(user: User, codes: Iterable[str]) -> None:
    """The person is shown something private of these households (codes) by the answer that is being made."""
    if seen := _seen.get():
        seen.shown.setdefault(user, set()).update(codes)


@contextmanager
def answering() -> Iterator[Seen]:
    """While an answer is made."""
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def write_down(seen: Seen, *, taken_away: bool) -> None:
    """What was shown and nobody has written down yet; `taken_away` in a file."""
    for user, codes in seen.shown.items():
        left = sorted(code for code in codes if not any(map(code.startswith, seen.noted)))
        note_list(user, EXPORTED if taken_away else LISTED if len(left) > 1 else SEEN, left)


@dataclass(frozen=True, slots=True)
class Looks:
    """What one post did on one day, and how often."""

    day: date
    post: str
    what: str
    times: int


def looks_at(code: str, *, most: int) -> list[Looks]:
    """The newest looks at a household, by day and post and never by name. One query."""
    places = [*ancestors(code), code]
    lines = AuditEvent.objects.filter(place__in=places, action__in=list(WORDS), at__gte=timezone.now() - _LOOKED_BACK)
    days = lines.annotate(day=TruncDate("at")).values("day", "role", "action").annotate(times=Count("pk"))
    found = days.order_by("-day", "role", "action")[:most]
    return [Looks(one["day"], _post(one["role"]), WORDS[one["action"]], one["times"]) for one in found]


def _post(role: str) -> str:
    return LABELS.get(role) or "您家自己"  # type: ignore[call-overload]
