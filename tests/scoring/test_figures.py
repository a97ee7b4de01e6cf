"""Figures made from results: what eyes see, who stands where, and which points are credited."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import rules
from scoring.rules import Event, Kind

SHARES = {"illegal_building": 20, "pollution": 20, "petition": 10, "crime": 20, "discipline": 10, "accident": 20}

fractions = st.fractions(min_value=-50, max_value=150)
event_lists = st.lists(
    st.builds(
        Event,
        indicator=st.sampled_from(list(SHARES)),
        kind=st.sampled_from(list(Kind)),
        points=st.integers(0, 60),
    ),
    max_size=12,
)


# Numbers for eyes


@given(st.decimals(-999, 999, places=6))
def test_display_rounds_like_decimal_half_up(value):
    expected = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(rules.display(Fraction(value))) == expected


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(100), "100.00"),
        (Fraction(1, 8), "0.13"),
        (Fraction(995, 10), "99.50"),
        (Fraction(99_995, 1000), "100.00"),
        (Fraction(2, 3), "0.67"),
        (Fraction(-1, 8), "-0.13"),
        (Fraction(-1, 1000), "0.00"),
        (Fraction(0), "0.00"),
        (None, ""),
    ],
)
def test_display_has_two_decimals(value, shown):
    assert rules.display(value) == shown


@pytest.mark.parametrize(
    ("households", "active", "shown"),
    [
        (10, 10, "1.0000"),
        (0, 10, "0.0000"),
        (0, 0, "0.0000"),
        (2, 3, "0.6666"),
        (231_867, 231_868, "0.9999"),
        (1, 231_868, "0.0000"),
        (1, 2, "0.5000"),
    ],
)
def test_coverage_is_cut_off(households, active, shown):
    assert rules.coverage(households, active) == shown


@given(st.integers(0, 300_000), st.integers(1, 300_000))
def test_coverage_says_one_only_when_complete(households, active):
    households = min(households, active)
    assert (rules.coverage(households, active) == "1.0000") == rules.is_final(households, active)


def test_nothing_is_never_final():
    assert not rules.is_final(0, 0)


# Ranks


@given(st.dictionaries(st.integers(), st.one_of(st.none(), fractions), max_size=15))
def test_rank_is_one_more_than_the_number_of_better_results(results):
    ranks = rules.rank(results)
    for key, value in results.items():
        better = sum(1 for other in results.values() if other is not None and value is not None and other > value)
        assert ranks[key] == (None if value is None else better + 1)


@given(st.lists(fractions, min_size=1, max_size=15))
def test_equal_results_share_a_rank_and_different_ones_do_not(values):
    ranks = rules.rank(dict(enumerate(values)))
    assert len(set(ranks.values())) == len(set(values))


def test_ties_use_up_their_ranks():
    results = {"a": Fraction(99), "b": Fraction(98), "c": Fraction(98), "d": Fraction(97)}
    assert rules.rank(results) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_results_that_look_equal_are_ranked_exactly():
    one, other = Fraction(299_999, 3000), Fraction(299_998, 3000)
    assert rules.display(one) == rules.display(other)
    assert rules.rank({"one": one, "other": other}) == {"one": 1, "other": 2}


def test_provisional_divisions_take_no_rank():
    assert rules.rank({"a": None, "b": Fraction(1), "c": None}) == {"a": None, "b": 1, "c": None}


def test_ranking_of_nobody():
    assert rules.rank({}) == {}


# Points credited at freezing


@pytest.mark.parametrize(
    ("listed", "points"),
    [
        ([], 10),
        ([Event("crime", Kind.BONUS, 5)], 15),
        ([Event("crime", Kind.BONUS, 50)], 30),
        ([Event("crime", Kind.DEDUCT, 5)], 0),
        ([Event("crime", Kind.DEDUCT, 5), Event("pollution", Kind.BONUS, 8)], 8),
        ([Event("crime", Kind.REMIND, 0)], 10),
    ],
)
def test_points_of_a_household(listed, points):
    assert rules.points_for_household(rules.household_score(listed, SHARES)) == points


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (Fraction(995, 10), 100),
        (Fraction(9949, 100), 99),
        (Fraction(100), 100),
        (Fraction(-5), 0),
        (Fraction(0), 0),
        (None, 0),
    ],
)
def test_points_of_a_division(value, points):
    assert rules.points_for_division(value) == points


@given(event_lists)
def test_points_of_a_household_are_never_negative(listed):
    assert 0 <= rules.points_for_household(rules.household_score(listed, SHARES)) <= 30


@given(fractions)
def test_points_of_a_division_lie_within_half_a_point(value):
    points = rules.points_for_division(value)
    assert points >= 0
    assert value < 0 or abs(points - value) <= Fraction(1, 2)
