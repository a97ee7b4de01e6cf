"""The award engine: never more than the pool, order and names do not matter, ties are equal, every line says why."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.awards.engine import (
    RESULT,
    SIX_ZERO,
    Band,
    Competitor,
    Goal,
    MonthFigures,
    PoolTooSmall,
    Rules,
    award,
    hundredths,
    shared,
    won,
)
from scoring import rules

PLENTY = 10**12


def month(name: str = "2024-05", total: int = 1000, households: int = 10, six_zero: int = 10, final: bool = True):
    return MonthFigures(name, households, total, six_zero, final)


def village(code: str, *totals: int, points: int = 0, six_zero: int = 10) -> Competitor:
    """Ten households; a month for each total."""
    months = [month(f"2024-{number:02d}", total, six_zero=six_zero) for number, total in enumerate(totals, start=1)]
    return Competitor(code, tuple(months), points)


def bands(*bounds: tuple[int, int, int], pool: int = PLENTY, proportional: bool = False) -> Rules:
    return Rules(pool, bands=tuple(Band(*bound) for bound in bounds), proportional=proportional)


def amounts(lines: list) -> dict[str, int]:
    return {line.code: line.amount_fen for line in lines}


# By rank


def test_rank_goes_by_the_mean_over_all_months() -> None:
    lines = award([village("a", 1000, 900), village("b", 960, 960)], bands((1, 1, 500)))
    assert [(line.code, line.rank, line.amount_fen) for line in lines] == [("b", 1, 500), ("a", 2, 0)]


def test_mean_weighs_a_month_by_its_households() -> None:
    grown = Competitor("a", (month(total=900, households=10), month(total=10_000, households=100)))
    steady = Competitor("b", (month(total=990, households=10), month(total=990, households=10)))
    lines = award([grown, steady], bands((1, 1, 500)))
    assert lines[0].code == "a"  # 10900 / 110 = 99.09.., not the mean of 90 and 100


def test_ties_share_a_band_and_use_up_the_next_rank() -> None:
    lines = award([village(code, 990) for code in "ab"] + [village("c", 980)], bands((1, 1, 500), (2, 2, 300)))
    assert amounts(lines) == {"a": 500, "b": 500, "c": 0}
    assert lines[2].rank == 3


def test_results_that_look_alike_are_not_tied() -> None:
    nearly = Competitor("a", (month(total=999_999, households=10_000),))
    full = Competitor("b", (month(total=1_000_000, households=10_000),))
    assert [line.rank for line in award([nearly, full], bands((1, 1, 1)))] == [1, 2]


def test_reason_names_months_result_rank_and_band() -> None:
    [line] = award([village("a", 985, 990)], bands((1, 10, 500)))
    assert line.reason == "2 个月平均 98.75 分，第 1 名，在第 1 至 10 名一档。"


def test_rank_outside_every_band_says_so() -> None:
    [line] = award([village("a", 985)], bands((2, 10, 500)))
    assert (line.amount_fen, line.reason) == (0, "1 个月平均 98.50 分，第 1 名，不在有奖的名次内。")


# Who is not ranked


def test_provisional_month_means_no_rank_and_no_award() -> None:
    open_one = Competitor("a", (month("2024-04"), month("2024-05", final=False)))
    lines = award([open_one, village("b", 500)], bands((1, 9, 500)))
    assert amounts(lines) == {"b": 500, "a": 0}
    assert lines[1].rank is None
    assert lines[1].reason == "2024-05没有评齐或没有锁定，不排名，没有奖励。"


def test_many_open_months_are_counted() -> None:
    open_one = Competitor("a", tuple(month(f"2024-0{number}", final=False) for number in range(1, 6)))
    [line] = award([open_one], bands((1, 9, 500)))
    assert line.reason.startswith("2024-01、2024-02、2024-03 等 5 个月没有评齐")


@pytest.mark.parametrize(
    ("months", "named"), [(3, "2024-01、2024-02、2024-03没有评齐"), (4, "2024-01、2024-02、2024-03 等 4 个月没有评齐")]
)
def test_three_open_months_are_named(months: int, named: str) -> None:
    open_one = Competitor("a", tuple(month(f"2024-0{number}", final=False) for number in range(1, months + 1)))
    [line] = award([open_one], bands((1, 9, 500)))
    assert line.reason.startswith(named)


def test_division_without_months_or_households_gets_nothing() -> None:
    lines = award([Competitor("a", ()), Competitor("b", (month(households=0, total=0, six_zero=0),))], bands((1, 9, 5)))
    assert [(line.rank, line.amount_fen) for line in lines] == [(None, 0), (None, 0)]
    assert {line.reason for line in lines} == {"没有可以评的户，不排名，没有奖励。"}


def test_unranked_division_spends_no_points() -> None:
    open_one = Competitor("a", (month(final=False),), points=900)
    [line] = award([open_one], Rules(PLENTY, fen_per_point=100, points_most=1000))
    assert (line.points, line.amount_fen) == (0, 0)


# By goals


def goals(*wanted: Goal) -> Rules:
    return Rules(PLENTY, goals=wanted)


def test_goals_add_up() -> None:
    wanted = goals(Goal(SIX_ZERO, 9000, False, 100), Goal(RESULT, 9800, False, 30), Goal(RESULT, 9950, False, 7))
    [line] = award([village("a", 985, six_zero=9)], wanted)
    assert line.amount_fen == 130
    assert "六零户占比平均 90.00%，达到 90.00%" in line.reason
    assert "得分平均 98.50 分，没有达到 99.50 分" in line.reason


def test_goal_of_every_month_fails_by_one_month() -> None:
    wanted = goals(Goal(RESULT, 9800, True, 100))
    lines = award([village("a", 979, 1000), village("b", 980, 980)], wanted)
    assert amounts(lines) == {"a": 0, "b": 100}
    assert "得分各月最低 97.90 分，没有达到 98.00 分" in lines[0].reason


def test_goal_just_missed_never_reads_as_reached() -> None:
    nearly = Competitor("a", (month(total=979_999, households=10_000),))
    [line] = award([nearly], goals(Goal(RESULT, 9800, False, 100)))
    assert line.amount_fen == 0
    assert "98.00 分（四舍五入后，实际略低），没有达到 98.00 分" in line.reason


def test_goal_exactly_reached_counts() -> None:
    [line] = award([village("a", 980)], goals(Goal(RESULT, 9800, False, 100)))
    assert line.amount_fen == 100


# By points


PRICE = {"fen_per_point": 10_000, "points_most": 1000}


def test_points_are_paid_by_the_point_up_to_the_most() -> None:
    lines = award([village("a", 1000, points=1176), village("b", 990, points=40)], Rules(PLENTY, **PRICE))
    assert [(line.points, line.amount_fen) for line in lines] == [(1000, 10_000_000), (40, 400_000)]
    assert lines[0].reason == "可用积分 1176 分，每村最多 1000 分，按每分 100.00 元折合。"


def test_village_without_points_is_told_so() -> None:
    [line] = award([village("a", 1000)], Rules(PLENTY, **PRICE))
    assert (line.points, line.amount_fen, line.reason) == (0, 0, "没有可用积分，没有奖励。")


def test_exactly_the_most_points_are_not_called_cut() -> None:
    [line] = award([village("a", 1000, points=1000)], Rules(PLENTY, **PRICE))
    assert (line.points, line.reason) == (1000, "可用积分 1000 分，按每分 100.00 元折合。")


def test_points_that_the_pool_cannot_pay_are_not_spent() -> None:
    few = Rules(1_000_000, proportional=True, **PRICE)
    lines = award([village("a", 1000, points=150), village("b", 990, points=50)], few)
    assert [(line.points, line.amount_fen) for line in lines] == [(75, 750_000), (25, 250_000)]


# The pool


def test_pool_too_small_says_how_much_is_missing() -> None:
    with pytest.raises(PoolTooSmall) as trouble:
        award([village("a", 990), village("b", 980)], bands((1, 2, 500), pool=700))
    assert (trouble.value.asked_fen, trouble.value.missing_fen) == (1000, 300)


def test_pool_that_is_just_enough_is_given_whole() -> None:
    assert sum(amounts(award([village("a", 9), village("b", 8)], bands((1, 2, 500), pool=1000))).values()) == 1000


def test_proportional_pool_comes_out_exactly() -> None:
    lines = award([village(code, total) for code, total in zip("abc", (9, 8, 7), strict=True)],
                  bands((1, 3, 500), pool=1000, proportional=True))  # fmt: skip
    assert sum(amounts(lines).values()) == 1000
    assert lines[0].reason.endswith("本项总额不够，按比例折为 66.66%。")


def test_division_that_gets_nothing_is_not_told_of_proportions() -> None:
    lines = award([village("a", 9), village("b", 8)], bands((1, 1, 500), pool=100, proportional=True))
    assert "比例" not in lines[1].reason


# For any input

totals = st.integers(min_value=-500, max_value=1200)
figures = st.builds(
    month,
    total=totals,
    households=st.integers(min_value=1, max_value=50),
    six_zero=st.integers(min_value=0, max_value=1),
    final=st.booleans(),
)
fields = st.lists(
    st.tuples(st.lists(figures, min_size=1, max_size=3).map(tuple), st.integers(0, 500)), min_size=1, max_size=12
).map(lambda rows: [Competitor(f"v{number:02d}", months, points) for number, (months, points) in enumerate(rows)])
amount = st.integers(min_value=1, max_value=10_000)
rank_rules = st.tuples(amount, amount, amount).map(
    lambda three: (Band(1, 2, three[0]), Band(3, 3, three[1]), Band(6, 9, three[2]))
)
goal_rules = st.lists(
    st.builds(Goal, st.sampled_from([SIX_ZERO, RESULT]), st.integers(0, 10_000), st.booleans(), amount),
    min_size=1,
    max_size=3,
).map(tuple)
any_rules = st.one_of(
    st.builds(Rules, st.integers(1, 30_000), bands=rank_rules, proportional=st.just(True)),
    st.builds(Rules, st.integers(1, 30_000), goals=goal_rules, proportional=st.just(True)),
    st.builds(
        Rules,
        st.integers(1, 30_000),
        fen_per_point=st.integers(1, 100),
        points_most=st.integers(1, 400),
        proportional=st.just(True),
    ),
)


@given(fields, any_rules)
def test_sum_never_exceeds_the_pool(field: list[Competitor], by: Rules) -> None:
    assert sum(amounts(award(field, by)).values()) <= by.pool_fen


@given(fields, any_rules, st.randoms())
def test_order_of_competitors_does_not_matter(field: list[Competitor], by: Rules, rng) -> None:
    mixed = list(field)
    rng.shuffle(mixed)
    assert award(mixed, by) == award(field, by)


@given(fields, any_rules)
def test_everybody_has_one_line_and_a_reason(field: list[Competitor], by: Rules) -> None:
    lines = award(field, by)
    assert sorted(line.code for line in lines) == sorted(one.code for one in field)
    assert all(line.reason and len(line.reason) <= 500 for line in lines)


@given(fields, any_rules)
def test_only_final_divisions_are_awarded(field: list[Competitor], by: Rules) -> None:
    unfinished = {one.code for one in field if any(not month.final for month in one.months)}
    assert not any(line.amount_fen or line.points or line.rank for line in award(field, by) if line.code in unfinished)


@given(fields, rank_rules)
def test_ties_are_paid_alike(field: list[Competitor], by_rank: tuple[Band, ...]) -> None:
    lines = award(field, Rules(PLENTY, bands=by_rank))
    paid = {(line.rank, line.amount_fen) for line in lines}
    assert len(paid) == len({line.rank for line in lines})


@given(fields, rank_rules)
def test_ranks_are_exact(field: list[Competitor], by_rank: tuple[Band, ...]) -> None:
    ranked = [line for line in award(field, Rules(PLENTY, bands=by_rank)) if line.rank]
    for line in ranked:
        better = sum(Fraction(one.total, one.households) > Fraction(line.total, line.households) for one in ranked)
        assert line.rank == better + 1


@given(fields, rank_rules)
def test_proportional_pool_is_used_up_to_the_fen(field: list[Competitor], by_rank: tuple[Band, ...]) -> None:
    asked = sum(amounts(award(field, Rules(PLENTY, bands=by_rank))).values())
    if asked > 1:
        lines = award(field, Rules(asked - 1, bands=by_rank, proportional=True))
        assert sum(amounts(lines).values()) == asked - 1


claims = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 10**9), min_size=1, max_size=20)


@given(claims, st.data())
def test_shares_add_up_and_never_exceed_a_claim(claimed: dict[str, int], data) -> None:
    pool = data.draw(st.integers(0, sum(claimed.values())))
    parts = shared(claimed, pool)
    assert sum(parts.values()) == pool
    assert all(0 <= parts[code] <= claimed[code] for code in claimed)


@given(claims, st.data())
def test_equal_claims_differ_by_one_at_most(claimed: dict[str, int], data) -> None:
    pool = data.draw(st.integers(0, sum(claimed.values())))
    parts = shared(claimed, pool)
    pairs = [(one, two) for one, claim in claimed.items() for two, other in claimed.items() if claim == other]
    assert all(abs(parts[one] - parts[two]) <= 1 for one, two in pairs)


def test_more_than_is_claimed_cannot_be_shared() -> None:
    with pytest.raises(ValueError, match="not within"):
        shared({"a": 5}, 6)


@pytest.mark.parametrize(("number", "text"), [(9550, "95.50"), (5, "0.05"), (-120, "-1.20"), (0, "0.00")])
def test_hundredths_are_written_with_two_decimals(number: int, text: str) -> None:
    assert hundredths(number) == text


def test_average_that_meets_the_goal_exactly_was_lifted_by_nothing() -> None:
    [line] = award([village("a", 980)], Rules(1_000, goals=(Goal(RESULT, 9800, False, 100),)))
    assert line.reason == "得分平均 98.00 分，达到 98.00 分。"


def test_points_are_used_up_by_awards_for_points_alone() -> None:
    for rules_of in (bands((1, 1, 500)), Rules(1_000, goals=(Goal(RESULT, 9000, False, 100),))):
        assert [line.points for line in award([village("a", 980, points=7)], rules_of)] == [0]


def test_what_each_would_win_asks_for_no_pool() -> None:
    competitors = [village("b", 980), village("a", 990)]
    assert won(competitors, bands((1, 1, 500), (2, 2, 300), pool=0)) == {"a": 500, "b": 300}


def test_average_reads_the_same_in_the_reason_and_in_the_lists() -> None:
    """100.796: the reason said 100.79, the list beside it 100.80."""
    nearly = MonthFigures("2024-05", 500, 50_398, 480, final=True)
    [line] = award([Competitor("430525001001", (nearly,))], Rules(1_000, goals=(Goal(RESULT, 9000, False, 100),)))
    assert f"得分平均 {rules.display(rules.result(line.total, line.households))} 分" in line.reason
    assert "100.80 分，达到 90.00 分" in line.reason
