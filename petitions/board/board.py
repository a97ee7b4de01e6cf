"""The county board: one function gives the figures of a period, and page, file and interface show what it gives.

Clocks and answers are counted from the rows that follow each history (`petitions.tallies.rows`), on the day on which their
outcome was known. Accusations are part of the county's figures by total, channel, kind and month, never of a unit's.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from households.models import User
from households.replicas.reading import is_reading
from households.roles import Role
from households.scope import lies_in
from petitions import units
from petitions.board.figures import Figures
from petitions.board.periods import BoardPeriod, Cuts
from petitions.board.sql import sums
from petitions.models import Channel, Petition, PetitionKind
from petitions.tallies.rows import COUNTED_ANEW

_Line = TypeVar("_Line", "BoardLine", "MonthLine")
FULL_VIEW = frozenset({Role.PETITION_OFFICE, Role.COUNTY_OFFICE})
_UNITS = ("departments", "townships")
_REMEMBERED_SECONDS = 600  # seconds for which a board that nothing has changed is not counted again


@dataclass(slots=True)
class BoardLine:
    """One line: the period and the same days a year before. `code` is a channel, a kind, or a unit's code."""

    code: str
    name: str
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    of_unit: bool = False

    def side(self, name: str) -> Figures:
        """The figures of "now" or "before"."""
        return self.now if name == "now" else self.before


@dataclass(slots=True)
class MonthLine:
    """A month of the period's year, and the same month a year before."""

    month: int
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)


@dataclass(slots=True)
class CountyBoard:
    """The figures of a county, or of one unit (`total` is the unit's own line then, and there are no lines of units)."""

    period: BoardPeriod
    total: BoardLine
    channels: list[BoardLine]
    kinds: list[BoardLine]
    months: list[MonthLine]
    departments: list[BoardLine] = field(default_factory=list)
    townships: list[BoardLine] = field(default_factory=list)

    @property
    def units(self) -> list[BoardLine]:
        """Departments, then townships."""
        return [*self.departments, *self.townships]


def board(period: BoardPeriod, county: str) -> CountyBoard:
    """Every figure of the county's period. Two or three queries."""
    return _remembered(period, county, "")


def unit_board(period: BoardPeriod, county: str, unit: str, name: str) -> CountyBoard:
    """The figures of what one unit led, without accusations: its line of `board`, by channel, kind and month as well."""
    found = _remembered(period, county, unit)
    return replace(found, total=replace(found.total, name=name))


def _remembered(period: BoardPeriod, county: str, unit: str) -> CountyBoard:
    """Counted once for as long as no history has gone on.

    Every figure changes with a line of a history, and the lines are numbered: as long as the sum of the last numbers is
    the same, nothing was added. A largest key would not do: a smaller one may be committed later.
    """
    here = Petition.objects.filter(lies_in(county, "place"))
    version = here.aggregate(lines=Sum("seq"))["lines"] or 0
    parts = (county, unit, period.first, period.last, timezone.localdate(), version, cache.get(COUNTED_ANEW, 0))
    key = ":".join(["petitions.board.3", *map(str, parts)])
    lines = cache.get(key)
    if lines is not None:
        return _read(period, lines)
    found = _counted(period, county, unit)
    if is_reading():  # a recount may have gone on since
        return found
    cache.set(key, {name: lines for name, lines in asdict(found).items() if name != "period"}, _REMEMBERED_SECONDS)
    return found


def _read(period: BoardPeriod, lines: dict[str, Any]) -> CountyBoard:
    """The board whose figures were kept."""
    listed = {name: [_line(BoardLine, each) for each in lines[name]] for name in ("channels", "kinds", *_UNITS)}
    months = [_line(MonthLine, each) for each in lines["months"]]
    return CountyBoard(period, _line(BoardLine, lines["total"]), months=months, **listed)


def _line(kind: type[_Line], kept: dict[str, Any]) -> _Line:
    return kind(**kept | {side: Figures(**kept[side]) for side in ("now", "before")})


def _counted(period: BoardPeriod, county: str, unit: str) -> CountyBoard:
    cuts = Cuts(period)
    total = BoardLine(unit, "", of_unit=bool(unit))
    channels = {code: BoardLine(code, name, of_unit=bool(unit)) for code, name in Channel.choices}
    kinds = {code: BoardLine(code, name, of_unit=bool(unit)) for code, name in PetitionKind.choices}
    months = [MonthLine(month) for month in range(1, 13)]
    led: dict[str, BoardLine] = {}
    for one in sums(cuts, county, timezone.localdate(), unit):
        if one.stretch:
            _add_stretch(cuts, one.stretch, one.counts, (total, channels[one.channel], kinds[one.kind]), months)
        elif one.lead and one.side:
            led.setdefault(one.lead, BoardLine(one.lead, "", of_unit=True)).side(one.side).add(one.counts)
    lines = _named(led.values())
    townships = [line for line in lines if line.code.startswith("division:")]
    departments = [line for line in lines if line.code.startswith("department:")]
    return CountyBoard(period, total, [*channels.values()], [*kinds.values()], months, departments, townships)


def _add_stretch(
    cuts: Cuts, stretch: int, counts: dict[str, int], lines: Iterable[BoardLine], months: list[MonthLine]
) -> None:
    side = cuts.side(stretch)
    for line in lines if side else ():
        line.side(side).add(counts)
    year, month = cuts.month(stretch)
    last = cuts.period.last.year
    if year in (last, last - 1):
        (months[month - 1].now if year == last else months[month - 1].before).add(counts)


def _named(lines: Iterable[BoardLine]) -> list[BoardLine]:
    """Those with something in them, with their names, by name."""
    found = [line for line in lines if not (line.now.is_empty and line.before.is_empty)]
    names = units.names_of([line.code for line in found])
    return sorted((replace(line, name=names.get(line.code, line.code)) for line in found), key=lambda line: line.code)


@dataclass(frozen=True, slots=True)
class View:
    """What one person sees of the board: everybody the county's figures; the offices every unit, a unit its own line."""

    board: CountyBoard
    own: CountyBoard | None
    all_units: bool

    @property
    def departments(self) -> list[BoardLine]:
        return self.board.departments if self.all_units else []

    @property
    def townships(self) -> list[BoardLine]:
        return self.board.townships if self.all_units else []


def view_for(user: User, period: BoardPeriod, county: str) -> View:
    """The board as this person sees it: on the page, in files, over the interface alike."""
    found = board(period, county)
    own = units.of(user)
    mine = unit_board(period, county, own, user.place_name) if own else None
    return View(found, mine, user.role in FULL_VIEW)
