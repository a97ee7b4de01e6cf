"""Results, coverage, states and rank changes as pages show them."""

import pytest
from django.template.loader import render_to_string

from scoring.rankings.changes import rank_change
from scoring.states import SheetState
from scoring.templatetags.figures import coverage_percent, display_result, sheet_state_label


@pytest.mark.parametrize(
    ("total", "households", "shown"),
    [(300, 3, "100.00"), (299, 3, "99.67"), (1, 200, "0.01"), (0, 5, "0.00"), (0, 0, "未评"), (None, 0, "未评")],
)
def test_result_has_two_decimals_or_says_that_there_is_none(total: int | None, households: int, shown: str) -> None:
    assert display_result(total, households) == shown


@pytest.mark.parametrize(
    ("households", "active", "shown"),
    [
        (640, 640, "100%"),
        (639, 640, "99.84%"),
        (99999, 100000, "99.99%"),
        (1, 2, "50%"),
        (0, 0, "0%"),
        (1, 3, "33.33%"),
    ],
)
def test_coverage_is_cut_off_never_rounded_up(households: int, active: int, shown: str) -> None:
    assert coverage_percent(households, active) == shown


@pytest.mark.parametrize(
    ("rank", "previous", "way", "words"),
    [
        (2, 5, "up", "上升 3 位"),
        (5, 2, "down", "下降 3 位"),
        (4, 4, "same", "与上月持平"),
        (4, None, "new", "上月没有名次"),
    ],
)
def test_rank_change_is_told_in_words(rank: int, previous: int | None, way: str, words: str) -> None:
    change = rank_change(rank, previous)
    assert change is not None
    assert (change.way, change.words) == (way, words)


def test_no_rank_has_no_change() -> None:
    assert rank_change(None, 3) is None


def test_rank_change_is_also_a_sign() -> None:
    page = render_to_string("_rank_change.html", {"rank": 2, "previous_rank": 5})
    assert "▲3" in page
    assert '<span class="visually-hidden">上升 3 位</span>' in page


@pytest.mark.parametrize("state", SheetState)
def test_state_badge_says_the_state(state: SheetState) -> None:
    page = render_to_string("_state_badge.html", {"state": state.value})
    assert f'<span class="state state-{state.value}">{state.label}</span>' in page


def test_sheet_nobody_began_is_open() -> None:
    assert sheet_state_label(None) == "录入中"
    assert "state-open" in render_to_string("_state_badge.html", {"state": None})
