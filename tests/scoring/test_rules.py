"""The arithmetic, as properties and as worked examples."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import rules
from scoring.rules import Event, HouseholdResult, Kind, RuleError

SHARES = {"illegal_building": 20, "pollution": 20, "petition": 10, "crime": 20, "discipline": 10, "accident": 20}
NAMES = {"illegal_building": "零违建", "pollution": "零污染"}

events = st.builds(
    Event,
    indicator=st.sampled_from(list(SHARES)),
    kind=st.sampled_from(list(Kind)),
    points=st.integers(0, 60),
    key=st.integers(),
)
event_lists = st.lists(events, max_size=12)
households = st.builds(
    lambda listed: rules.household_score(listed, SHARES),
    event_lists,
)


def deduct(indicator: str, points: int) -> Event:
    return Event(indicator, Kind.DEDUCT, points)


def bonus(indicator: str, points: int) -> Event:
    return Event(indicator, Kind.BONUS, points)


def remind(indicator: str) -> Event:
    return Event(indicator, Kind.REMIND, 0)


def score(*listed: Event) -> HouseholdResult:
    return rules.household_score(listed, SHARES)


# Households


@given(event_lists, st.randoms())
def test_score_does_not_depend_on_order(listed, random):
    shuffled = listed[:]
    random.shuffle(shuffled)
    assert rules.household_score(shuffled, SHARES) == rules.household_score(listed, SHARES)


@given(event_lists)
def test_score_stays_between_nothing_and_120(listed):
    assert 0 <= rules.household_score(listed, SHARES).score <= 120


@given(event_lists)
def test_no_indicator_costs_more_than_its_share(listed):
    lost = rules.household_score(listed, SHARES).lost
    assert set(lost) == set(SHARES)
    assert all(0 <= lost[indicator] <= share for indicator, share in SHARES.items())


@given(event_lists)
def test_bonus_stays_within_its_cap(listed):
    assert 0 <= rules.household_score(listed, SHARES).bonus <= 20


@given(event_lists)
def test_score_is_base_less_lost_plus_bonus(listed):
    outcome = rules.household_score(listed, SHARES)
    assert outcome.score == 100 - sum(outcome.lost.values()) + outcome.bonus


@given(event_lists, st.sampled_from(list(SHARES)), st.integers(0, 50))
def test_a_reminder_changes_nothing(listed, indicator, points):
    reminded = [*listed, Event(indicator, Kind.REMIND, points)]
    assert rules.household_score(reminded, SHARES) == rules.household_score(listed, SHARES)


@given(event_lists)
def test_an_indicator_is_broken_exactly_when_a_deduction_stands(listed):
    expected = {event.indicator for event in listed if event.kind is Kind.DEDUCT}
    assert rules.household_score(listed, SHARES).broken == expected


@given(event_lists, events)
def test_one_more_deduction_never_raises_a_score(listed, event):
    before = rules.household_score(listed, SHARES).score
    after = rules.household_score([*listed, Event(event.indicator, Kind.DEDUCT, event.points)], SHARES).score
    assert after <= before


@given(event_lists)
def test_lines_add_up_to_the_score(listed):
    lines = rules.explain_household(listed, SHARES)
    assert sum(line.amount for line in lines) == rules.household_score(listed, SHARES).score


@given(event_lists)
def test_every_event_has_its_own_line(listed):
    lines = rules.explain_household(listed, SHARES)
    assert Counter(line.event for line in lines if line.event) == Counter(listed)


@given(event_lists)
def test_lines_follow_the_order_of_the_scheme(listed):
    order = list(SHARES)
    positions = [order.index(line.indicator) for line in rules.explain_household(listed, SHARES) if line.indicator]
    assert positions == sorted(positions)


def test_no_events_is_one_hundred_and_six_zeros():
    outcome = score()
    assert (outcome.score, outcome.bonus, outcome.six_zero) == (100, 0, True)


def test_deductions_beyond_the_share_are_capped():
    outcome = score(deduct("pollution", 15), deduct("pollution", 10), deduct("petition", 10))
    assert outcome.score == 70
    assert outcome.lost["pollution"] == 20


def test_everything_lost_is_nothing_and_not_less():
    assert score(*(deduct(indicator, 99) for indicator in SHARES)).score == 0


def test_bonuses_on_different_indicators_share_one_cap():
    assert score(bonus("crime", 15), bonus("accident", 15)).score == 120


def test_a_bonus_on_the_same_indicator_does_not_mend_it():
    outcome = score(deduct("pollution", 5), bonus("pollution", 5))
    assert outcome.score == 100
    assert not outcome.six_zero


def test_a_deduction_of_nothing_still_breaks_the_zero():
    assert score(deduct("crime", 0)).broken == {"crime"}


def test_reminders_keep_six_zeros():
    assert score(remind("crime"), remind("accident")).six_zero


def test_an_unknown_indicator_is_refused():
    with pytest.raises(RuleError, match="epidemic"):
        score(deduct("epidemic", 5))
    with pytest.raises(RuleError, match="epidemic"):
        rules.explain_household([deduct("epidemic", 5)], SHARES)


def test_negative_points_are_refused():
    with pytest.raises(RuleError, match="-5"):
        deduct("crime", -5)


def test_lines_name_the_caps():
    lines = rules.explain_household(
        [deduct("pollution", 15), deduct("pollution", 10), bonus("crime", 15), bonus("crime", 8)], SHARES, NAMES
    )
    assert [(line.what, line.amount) for line in lines] == [
        ("基础分", 100),
        ("零污染扣分", -15),
        ("零污染扣分", -10),
        ("零污染每月最多扣 20 分，多出的 5 分不扣", 5),
        ("crime加分", 15),
        ("crime加分", 8),
        ("加分每月最多 20 分，多出的 3 分不计", -3),
    ]


def test_one_point_beyond_a_cap_has_its_line():
    lines = rules.explain_household([deduct("pollution", 21), bonus("crime", 21)], SHARES, NAMES)
    assert [line.amount for line in lines] == [100, -21, 1, 21, -1]
    assert [line.amount for line in rules.explain_household([deduct("pollution", 20), bonus("crime", 20)], SHARES)] == [
        100,
        -20,
        20,
    ]


def test_a_reminder_is_listed_with_nothing():
    lines = rules.explain_household([remind("pollution")], SHARES, NAMES)
    assert [(line.what, line.amount) for line in lines] == [("基础分", 100), ("零污染提醒", 0)]


# Masks of broken indicators


@given(st.sets(st.sampled_from(list(SHARES))))
def test_mask_names_the_indicators_of_its_bits(broken):
    mask = sum(2 ** list(SHARES).index(indicator) for indicator in broken)
    assert rules.broken_from_mask(mask, SHARES) == broken


# Divisions


def test_result_is_exact_and_nobody_has_none():
    assert rules.result(2900, 30) == Fraction(2900, 30)
    assert rules.result(0, 0) is None


def test_adjustment_is_the_signed_sum_without_a_cap():
    listed = [deduct("pollution", 30), bonus("crime", 25), bonus("crime", 2), remind("accident")]
    assert rules.division_points_of(listed) == -3


@given(st.lists(events, max_size=8), st.lists(events, max_size=8))
def test_adjustments_add(one, other):
    assert rules.division_points_of(one + other) == rules.division_points_of(one) + rules.division_points_of(other)


def test_kinds_speak_chinese():
    assert [kind.label for kind in Kind] == ["扣分", "提醒", "加分"]
