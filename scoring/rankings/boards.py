"""A ranking as its readers see it. The page, its export and the API show the same rows of the same board."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from households.codes import CodeError, Level, county_of, is_level, level_of, path, reaches, township_of
from households.models import Division
from households.months import Month, last_day, month_of
from households.register.past_names import by_code
from households.scope import lies_in
from households.words.folding import compared
from scoring import rules
from scoring.models import Mark, Period, RankingSnapshot, Sheet
from scoring.rankings.publication import final_snapshot, newest_final
from scoring.rankings.rankings import LEVELS, RankingLine, ranking
from scoring.rankings.snapshots import AgreedLine
from scoring.readers import Reader
from scoring.states import SheetState

# Who has to move before a village of this state gets further.
WAITS_FOR: dict[SheetState, str] = {
    SheetState.OPEN: "等村干部申报",
    SheetState.DECLARED: "等乡镇审核",
    SheetState.REVIEWED: "等公示开始",
    SheetState.POSTED: "等公示期满、锁定",
    SheetState.FROZEN: "",
}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of a board. `active` and `events` are None in an archived ranking, which does not hold them."""

    code: str
    name: str
    households: int
    coverage: str
    total: int
    result: str
    six_zero: int
    rank: int | None
    previous_rank: int | None
    active: int | None = None
    events: int | None = None
    as_of: datetime | None = None
    place: str = ""
    came: str = ""
    state: SheetState | None = None
    may_open: bool = False

    @property
    def find(self) -> str:
        """What a search looks through, here and in static/js/scoring/rankings/rankings.js."""
        return f"{self.name} {self.place} {self.code}"

    @property
    def change(self) -> int | None:
        """Places gained since the month before."""
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank

    def agreed(self) -> AgreedLine:
        """The columns that every ranking has, on the interface as in files: see `columns.COLUMNS`."""
        return {
            "code": self.code,
            "name": self.name,
            "households": self.households,
            "coverage": self.coverage,
            "total": self.total,
            "result": self.result,
            "six_zero_households": self.six_zero,
            "rank": self.rank,
            "previous_rank": self.previous_rank,
        }

    @property
    def coverage_percent(self) -> str:
        """0.9873 -> 98.73%; 100% means every household."""
        return _percent(self.coverage)

    @property
    def six_zero_percent(self) -> str:
        """Share of the scored households that held all six zeros, cut off; empty while none is scored."""
        return _percent(rules.coverage(self.six_zero, self.households)) if self.households else ""

    @property
    def waits_for(self) -> str:
        """Who holds the village's month now."""
        return WAITS_FOR[self.state] if self.state else ""


def _percent(share: str) -> str:
    hundredths = int(share.replace(".", ""))
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}%" if rest else f"{whole}%"


@dataclass(frozen=True)
class Board:
    """A ranking of one level inside one place. `rows` are what the filter left, ranked ones first.

    `path` leads from the county down to `within`; `listed` counts the rows before the filter, `as_of` is the newest
    computation of a figure, `pending` the places that wait to be computed again; `archived` is the final ranking that
    freezing archived, if there is one.
    """

    month: Month
    level: Level
    within: str
    path: list[Division]
    rows: list[BoardRow]
    listed: int
    as_of: datetime | None
    pending: int = 0
    archived: RankingSnapshot | None = None
    words: str = ""
    sort: str = "rank"

    @property
    def ranked(self) -> list[BoardRow]:
        return [row for row in self.rows if row.rank is not None]

    @property
    def provisional(self) -> list[BoardRow]:
        return [row for row in self.rows if row.rank is None]

    @property
    def of_villages(self) -> bool:
        return self.level is Level.VILLAGE

    def of(self, code: str) -> BoardRow | None:
        """The line of a place, such as the reader's own."""
        return next((row for row in self.rows if row.code == code), None)

    @property
    def state(self) -> str:
        """已锁定, 暂定 when a line is not final, or 已评齐."""
        if self.archived:
            return "已锁定"
        return "暂定" if self.provisional or not self.rows else "已评齐"


SORTS: dict[str, tuple[str, Callable[[BoardRow], Any]]] = {
    "rank": ("名次", lambda row: (row.rank or 0, row.code)),
    "code": ("代码", lambda row: row.code),
    "change": ("变化", lambda row: (-(row.change if row.change is not None else -(10**6)), row.code)),
    "coverage": ("覆盖率", lambda row: (row.coverage, row.code)),
    "six_zero": ("六零户占比", lambda row: (-row.six_zero / row.households if row.households else 1, row.code)),
    "events": ("例外", lambda row: (-(row.events or 0), row.code)),
}


def ranked_level(text: str) -> Level:
    """group, village, township or county, or 404."""
    if text not in LEVELS:
        raise Http404
    return Level(text)


def place_of(reader: Reader, level: Level, within: str) -> str:
    """Where the board is held: `within` if the reader may compare there, else their own place. Raises Http404."""
    if not within:
        return reader.own_place(level)
    try:
        asked = level_of(within)
    except CodeError as fault:
        raise Http404 from fault
    if asked is Level.HOUSEHOLD or asked.code_length > level.code_length or not reader.may_compare(level, within):
        raise Http404
    return within


def board(reader: Reader, month: Month, level: Level, within: str, *, words: str = "", sort: str = "rank") -> Board:
    """The ranking of `level` in `month` inside `within` (empty: among all counties) as the reader sees it. Five queries."""
    lines = [line for line in ranking(month, level, within=within) if reader.sees(level, line.code)]
    names = _names(within, lines, month)
    states = _states(month, within) if level is Level.VILLAGE else None
    rows = [_row(line, within, names, states, reader) for line in lines]
    # Counties stand beside each other in no county; what one of them froze is archived as its own.
    county = county_of(within) if within else reader.counties[0] if len(reader.counties) == 1 else ""
    return Board(
        month=month,
        level=level,
        within=within,
        path=[names[code] for code in path(within) if code in names],
        rows=arranged(rows, words=words, sort=sort),
        listed=len(rows),
        as_of=max((line.as_of for line in lines if line.households), default=None),
        pending=_pending(month, within),
        archived=final_snapshot(month, level, county) if county else None,
        words=words,
        sort=sort,
    )


def arranged(rows: Iterable[BoardRow], *, words: str = "", sort: str = "rank") -> list[BoardRow]:
    """The rows that hold `words` in name, place or code, in the order asked for; those without a rank come last."""
    typed = compared(words)
    left = [row for row in rows if not typed or typed in compared(row.find)]
    left.sort(key=SORTS.get(sort, SORTS["rank"])[1])
    return sorted(left, key=lambda row: row.rank is None)


def archived_rows(lines: Iterable[AgreedLine], within: str = "") -> list[BoardRow]:
    """The lines of an archived ranking as rows; inside a place the archived ranks are counted anew among its own."""
    inside = [line for line in lines if line["code"].startswith(within)]
    rows = [
        BoardRow(
            code=line["code"],
            name=line["name"],
            households=line["households"],
            coverage=line["coverage"],
            total=line["total"],
            result=line["result"],
            six_zero=line["six_zero_households"],
            rank=line["rank"],
            previous_rank=line["previous_rank"],
        )
        for line in inside
    ]
    if not reaches(within, Level.TOWNSHIP):
        return rows
    now, before = _places([row.rank for row in rows]), _places([row.previous_rank for row in rows])
    return [replace(row, rank=now.get(row.rank), previous_rank=before.get(row.previous_rank)) for row in rows]


def _places(ranks: Iterable[int | None]) -> dict[int | None, int]:
    """Rank in the whole -> rank among these: equal ones stay equal (1, 2, 2, 4)."""
    ordered = sorted(rank for rank in ranks if rank is not None)
    places: dict[int | None, int] = {}
    for position, rank in enumerate(ordered, start=1):
        places.setdefault(rank, position)
    return places


def with_places(rows: list[BoardRow], month: Month) -> list[BoardRow]:
    """Villages with the name of their township beside them: many share a name."""
    codes = {township_of(row.code) for row in rows if reaches(row.code, Level.VILLAGE)}
    names = {code: one.name for code, one in by_code(codes, last_day(month)).items()}
    return [replace(row, place=names.get(township_of(row.code), "")) for row in rows]


def months() -> list[Month]:
    """The months there are."""
    return list(Period.objects.values_list("month", flat=True))


def newest_month(reader: Reader) -> Month:
    """The newest month whose ranking is final in the reader's county; before there is one, the newest there is."""
    final = newest_final(reader.counties)
    return final or max(months(), default=month_of(timezone.localdate()))


def _row(
    line: RankingLine, within: str, names: Mapping[str, Division], states: Mapping[str, str] | None, reader: Reader
) -> BoardRow:
    return BoardRow(
        code=line.code,
        name=line.name,
        households=line.households,
        coverage=line.coverage,
        total=line.total,
        result=line.shown_result,
        six_zero=line.six_zero,
        rank=line.rank,
        previous_rank=line.previous_rank,
        active=line.active,
        events=line.events,
        as_of=line.as_of,
        came=line.came,
        place=_place_name(line.code, within, names),
        state=SheetState(states.get(line.code, SheetState.OPEN)) if states is not None else None,
        may_open=reader.may_open(line.code),
    )


def _place_name(code: str, within: str, names: Mapping[str, Division]) -> str:
    """What tells divisions of one name apart: the township and village above, as far as they lie inside the board's place."""
    return " ".join(names[place].name for place in _above(code) if place in names and len(place) > len(within))


def _above(code: str) -> list[str]:
    """Township and village of a code that lies below them."""
    return [place for place in path(code)[:-1] if is_level(place, Level.TOWNSHIP, Level.VILLAGE)]


def _names(within: str, lines: Iterable[RankingLine], month: Month) -> dict[str, Division]:
    """The places on the way to `within`, and townships and villages of lines, by code. 404 for a place there is not."""
    codes = set(path(within)).union(*(_above(line.code) for line in lines))
    names = by_code(codes, last_day(month))
    if within and within not in names:
        raise Http404
    return names


def _states(month: Month, within: str) -> dict[str, str]:
    inside = Sheet.objects.filter(lies_in(within, "village"), period=month)
    return dict(inside.values_list("village_id", "state"))


def _pending(month: Month, within: str) -> int:
    """Places whose figures are about to be computed again."""
    return Mark.objects.filter(lies_in(within), month=month).count()
