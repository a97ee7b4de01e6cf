"""Where a board leads: its tabs, the way down from each line, the archived ranking and the files."""

from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse

from households.codes import Level, county_of, level_of, reaches, village_of
from households.months import Month
from scoring.rankings.archive import ArchivedRanking
from scoring.rankings.boards import Board
from scoring.rankings.rankings import LEVELS
from scoring.rankings.snapshots import DEPARTMENTS
from scoring.readers import Reader


@dataclass(frozen=True, slots=True)
class Tab:
    """One level of the ranking."""

    label: str
    url: str
    current: bool


class BoardLinks(TypedDict):
    """`steps` are the names and addresses of the wider places."""

    tabs: list[Tab]
    drill: str
    why: str
    here: str
    archived: str
    steps: list[tuple[str, str]]


def links_of(board: Board, reader: Reader) -> BoardLinks:
    """Addresses for the template; `drill` takes a line's code at its end, and so does `why` before its last slash."""
    below = board.level.child
    return {
        "tabs": [_tab(board, level) for level in reversed(LEVELS) if level is not Level.GROUP or reader.scope.prefixes],
        "drill": _drill(board, below) if below and below is not Level.HOUSEHOLD else "",
        "why": reverse("why", args=[board.month, "0"]).removesuffix("0/"),
        "here": _query(within=board.within),
        "archived": archive_url(board),
        "steps": [(division.name, _step(board, division.code)) for division in board.path[:-1]],
    }


def _tab(board: Board, level: Level) -> Tab:
    """The same place one level up or down; a place too deep for the level gives way to the county."""
    within = board.within if not reaches(board.within, level) else ""
    return Tab(
        f"{level.label}排名",
        reverse("rankings", args=[board.month, level]) + _query(within=within),
        level is board.level,
    )


def _drill(board: Board, below: Level) -> str:
    return reverse("rankings", args=[board.month, below]) + "?within="


def _step(board: Board, code: str) -> str:
    """The ranking of the same level in a wider place."""
    return reverse("rankings", args=[board.month, board.level]) + _query(within=code)


def archive_url(board: Board) -> str:
    """The permanent address of the final archived ranking; empty while there is none."""
    if board.archived is None:
        return ""
    address = reverse("ranking-snapshot", args=[board.month, board.level, board.archived.version])
    return address + _query(within=board.archived.within)


def live_url(ranking: ArchivedRanking) -> str:
    """The live ranking that an archived one was made from."""
    archived = ranking.snapshot
    if archived.level == DEPARTMENTS:
        return reverse("department-rankings", args=[archived.month])
    return reverse("rankings", args=[archived.month, archived.level]) + _query(within=ranking.within)


def ranking_url(month: Month, code: str) -> str:
    """The ranking in which a division stands: groups inside their village, the others inside their county."""
    level = level_of(code)
    within = {Level.COUNTY: "", Level.GROUP: village_of(code)}.get(level, county_of(code))
    return reverse("rankings", args=[month, level]) + _query(within=within)


def _query(**values: str) -> str:
    given = {key: value for key, value in values.items() if value}
    return "?" + urlencode(given) if given else ""
