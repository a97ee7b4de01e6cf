"""Rows of a board: figures in words, order, search, and ranks counted anew inside a place."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from households.codes import Level
from households.roles import Role
from scoring import rules
from scoring.models import RankingSnapshot
from scoring.rankings.boards import SORTS, Board, BoardRow, archived_rows, arranged, place_of
from scoring.rankings.cells import lines_of
from scoring.readers import Reader
from scoring.states import SheetState
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

NOON = datetime(2024, 6, 1, 4, tzinfo=UTC)
codes = st.integers(1, 99).map(lambda n: f"{TOWNSHIP}{n:03d}")


def row(code: str = VILLAGE, **given: object) -> BoardRow:
    plain = {"name": "东山村", "households": 8, "coverage": "1.0000", "total": 780, "result": "97.50", "six_zero": 5}
    return BoardRow(code=code, **(plain | {"rank": 1, "previous_rank": None, "active": 8, "events": 0} | given))


def board(rows: list[BoardRow], **given: object) -> Board:
    plain = {
        "month": "2024-05",
        "level": Level.VILLAGE,
        "within": COUNTY,
        "path": [],
        "listed": len(rows),
        "as_of": NOON,
    }
    return Board(rows=rows, **(plain | given))


@pytest.mark.parametrize(
    ("coverage", "shown"),
    [("1.0000", "100%"), ("0.0000", "0%"), ("0.9999", "99.99%"), ("0.5000", "50%"), ("0.0450", "4.50%")],
)
def test_coverage_is_shown_in_per_cent(coverage: str, shown: str) -> None:
    assert row(coverage=coverage).coverage_percent == shown


@pytest.mark.parametrize(
    ("six_zero", "households", "shown"), [(5, 8, "62.50%"), (0, 8, "0%"), (2, 3, "66.66%"), (0, 0, "")]
)
def test_share_of_six_zero_households_is_cut_off(six_zero: int, households: int, shown: str) -> None:
    assert row(six_zero=six_zero, households=households).six_zero_percent == shown


@pytest.mark.parametrize(
    ("rank", "before", "change"), [(1, 3, 2), (3, 1, -2), (2, 2, 0), (None, 1, None), (1, None, None)]
)
def test_change_counts_places_gained(rank: int | None, before: int | None, change: int | None) -> None:
    assert row(rank=rank, previous_rank=before).change == change


@pytest.mark.parametrize("state", SheetState)
def test_every_state_but_the_last_waits_for_somebody(state: SheetState) -> None:
    assert bool(row(state=state).waits_for) == (state is not SheetState.FROZEN)


def test_row_that_is_no_village_waits_for_nobody() -> None:
    assert row(state=None).waits_for == ""


@pytest.mark.parametrize("words", ["东山", "罗坪乡", VILLAGE[-5:], ""])
def test_search_looks_through_name_place_and_code(words: str) -> None:
    assert len(arranged([row(place="罗坪乡")], words=words)) == 1


def test_search_finds_nothing_that_is_not_there() -> None:
    assert arranged([row(place="罗坪乡")], words="南坪") == []


@given(st.lists(st.builds(row, codes, rank=st.none() | st.integers(1, 9), previous_rank=st.none() | st.integers(1, 9))))
def test_every_order_keeps_all_rows_and_the_unranked_last(rows: list[BoardRow]) -> None:
    for sort in SORTS:
        found = arranged(rows, sort=sort)
        assert sorted(each.code for each in found) == sorted(each.code for each in rows)
        unranked = [each.rank is None for each in found]
        assert unranked == sorted(unranked)


def test_orders_put_what_is_asked_for_first() -> None:
    few = row("1", rank=2, events=1, six_zero=8, coverage="1.0000", previous_rank=2)
    many = row("2", rank=1, events=9, six_zero=1, coverage="0.9000", previous_rank=9)
    first = {sort: arranged([few, many], sort=sort)[0].code for sort in SORTS}
    assert first == {"rank": "2", "code": "1", "change": "2", "coverage": "2", "six_zero": "1", "events": "2"}


@pytest.mark.parametrize(
    ("rows", "given", "state"),
    [
        ([row()], {}, "已评齐"),
        ([row(), row(rank=None)], {}, "暂定"),
        ([], {}, "暂定"),
        ([row(rank=None)], {"archived": RankingSnapshot()}, "已锁定"),
    ],
)
def test_board_says_how_settled_it_is(rows: list[BoardRow], given: dict[str, object], state: str) -> None:
    assert board(rows, **given).state == state


def test_board_parts_ranked_from_provisional() -> None:
    found = board([row("1"), row("2", rank=None)])
    assert ([each.code for each in found.ranked], [each.code for each in found.provisional]) == (["1"], ["2"])


def archived(code: str, rank: int | None, before: int | None) -> dict[str, object]:
    figures = {"households": 1, "coverage": "1.0000", "total": 1, "result": "1.00", "six_zero_households": 1}
    return {"code": code, "name": code, "rank": rank, "previous_rank": before} | figures


@given(st.dictionaries(codes, st.integers(0, 5), min_size=1))
def test_ranks_counted_anew_are_those_of_a_ranking_of_the_part(results: dict[str, int]) -> None:
    neighbours = {f"{OTHER_TOWNSHIP}{n:03d}": n for n in range(6)}
    whole = rules.rank({code: Fraction(value) for code, value in (results | neighbours).items()})
    part = rules.rank({code: Fraction(value) for code, value in results.items()})
    rows = archived_rows([archived(code, place, place) for code, place in whole.items()], TOWNSHIP)
    assert {each.code: each.rank for each in rows} == part
    assert {each.code: each.previous_rank for each in rows} == part


def test_archived_rows_of_the_county_keep_their_ranks() -> None:
    rows = archived_rows([archived(VILLAGE, 7, 9), archived(STRANGE, None, None)], COUNTY)
    assert [(each.rank, each.previous_rank, each.active, each.events) for each in rows] == [
        (7, 9, None, None),
        (None, None, None, None),
    ]


def test_printed_line_is_text_alone() -> None:
    (line,) = lines_of([row(state=SheetState.DECLARED, previous_rank=3, may_open=True)])
    assert {key for key, value in line.items() if not isinstance(value, str)} == {"may_open"}
    assert (line["rank"], line["sign"], line["words"]) == ("1", "▲2", "上升 2 位")
    assert (line["scored"], line["share"], line["state_label"]) == ("8 / 8", "62.50%", "已申报")


def test_printed_line_without_rank_has_no_change() -> None:
    (line,) = lines_of([row(rank=None, households=0, result="", six_zero=0, coverage="0.0000")])
    assert (line["rank"], line["way"], line["result"], line["six_zero"], line["coverage"]) == ("", "", "", "", "0%")


@pytest.mark.parametrize(
    ("role", "level", "within", "place"),
    [
        (Role.COUNTY_OFFICE, Level.VILLAGE, "", COUNTY),
        (Role.COUNTY_OFFICE, Level.VILLAGE, TOWNSHIP, TOWNSHIP),
        (Role.COUNTY_OFFICE, Level.COUNTY, "", ""),
        (Role.CADRE, Level.VILLAGE, OTHER_TOWNSHIP, OTHER_TOWNSHIP),
        (Role.CADRE, Level.GROUP, "", VILLAGE),
        (Role.TOWNSHIP, Level.GROUP, SISTER, SISTER),
    ],
)
def test_board_is_held_where_the_reader_may_compare(
    world: World, role: str, level: Level, within: str, place: str
) -> None:
    assert place_of(Reader(world.user(role)), level, within) == place


@pytest.mark.parametrize(
    ("role", "level", "within"),
    [
        (Role.COUNTY_OFFICE, Level.VILLAGE, "430727"),
        (Role.COUNTY_OFFICE, Level.TOWNSHIP, VILLAGE),
        (Role.COUNTY_OFFICE, Level.GROUP, f"{VILLAGE}010001"),
        (Role.CADRE, Level.GROUP, SISTER),
        (Role.CADRE, Level.VILLAGE, "x"),
    ],
)
def test_board_is_not_held_anywhere_else(world: World, role: str, level: Level, within: str) -> None:
    with pytest.raises(Http404):
        place_of(Reader(world.user(role)), level, within)
