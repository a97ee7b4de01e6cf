"""Rates follow from counts, never from nothing; few ratings of a unit are not told."""

from dataclasses import fields
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.board.board import BoardLine
from petitions.board.cells import TOO_FEW, cells, columns_for
from petitions.board.figures import COLUMNS, FEW, RATES, UNIT_COLUMNS, Figures, added, is_few, told
from petitions.shares import percent, share


def figures_of(seed: int) -> Figures:
    chance = Random(seed)
    return Figures(*(chance.randint(0, 50) for _ in fields(Figures)))


COUNTS = st.integers(0, 10**9).map(figures_of)


def test_rate_of_nothing_is_nothing() -> None:
    assert set(Figures().rates.values()) == {None}
    assert Figures().is_empty
    assert share(0, 0) is None


@pytest.mark.parametrize(("rate", "text"), [(None, "—"), (1.0, "100%"), (0.0, "0%"), (0.9875, "98.75%"), (0.5, "50%")])
def test_percent_reads_as_people_write_it(rate: float | None, text: str) -> None:
    assert percent(rate) == text


def test_reply_and_punctuality_are_two_numbers() -> None:
    figures = Figures(due=4, answered=4, kept=3)
    assert (figures.rates["reply_rate"], figures.rates["keep_rate"]) == (1.0, 0.75)


def test_fair_is_satisfied_and_each_score_stays_visible() -> None:
    figures = Figures(answers=8, unit_satisfied=2, unit_fair=1, unit_unsatisfied=1)
    assert (figures.rates["unit_rate"], figures.rates["unit_response"]) == (0.75, 0.5)
    shown = told(figures)
    assert (shown["unit_satisfied"], shown["unit_fair"], shown["unit_unsatisfied"]) == (2, 1, 1)


def test_waiting_answers_are_no_part_of_resolution() -> None:
    figures = Figures(answers=10, confirmed=2, lapsed=1, reviewed=1, reopened=1)
    assert figures.rates["resolved_rate"] == 0.6


def test_every_rate_is_a_part_of_its_own_whole() -> None:
    figures = Figures(*(2**number for number in range(23)))
    assert [each.name for each in fields(figures)][:4] == ["taken", "accept_due", "accept_kept", "due"]
    office = figures.office_satisfied + figures.office_fair
    unit = figures.unit_satisfied + figures.unit_fair
    settled = figures.confirmed + figures.lapsed + figures.reviewed + figures.reopened
    assert figures.rates == {
        "accept_rate": share(figures.accept_kept, figures.accept_due),
        "reply_rate": share(figures.answered, figures.due),
        "keep_rate": share(figures.kept, figures.due),
        "net_rate": share(figures.net_kept, figures.net_due),
        "office_rate": share(office, office + figures.office_unsatisfied),
        "office_response": share(office + figures.office_unsatisfied, figures.answers),
        "unit_rate": share(unit, unit + figures.unit_unsatisfied),
        "unit_response": share(unit + figures.unit_unsatisfied, figures.answers),
        "resolved_rate": share(figures.confirmed + figures.lapsed, settled),
    }


@pytest.mark.parametrize("name", [each.name for each in fields(Figures)])
def test_line_with_any_count_is_not_empty(name: str) -> None:
    assert Figures(**{name: 1}).is_empty is False


def test_share_has_four_decimals() -> None:
    assert (share(1, 3), share(2, 3)) == (0.3333, 0.6667)


BOARD = (
    "taken accept_due accept_kept accept_rate due answered reply_rate kept keep_rate net_due net_kept "
    "net_rate answers confirmed lapsed reviewed reopened resolved_rate closed office_rated "
    "office_response office_satisfied office_fair office_unsatisfied office_rate unit_rated unit_response "
    "unit_satisfied unit_fair unit_unsatisfied unit_rate upheld changed extended"
)


def test_board_has_all_its_columns_in_order() -> None:
    assert list(COLUMNS) == BOARD.split()


def test_unit_has_the_columns_of_its_own_work() -> None:
    assert list(UNIT_COLUMNS) == [
        name for name in BOARD.split() if name != "taken" and not name.startswith(("accept_", "office_"))
    ]


def test_ratings_of_every_kind_are_counted() -> None:
    assert Figures(office_satisfied=4, office_fair=2, office_unsatisfied=1).office_rated == 7
    assert Figures(unit_satisfied=4, unit_fair=2, unit_unsatisfied=1).unit_rated == 7


@settings(max_examples=30)
@given(COUNTS)
def test_every_column_is_told_and_nothing_else(figures: Figures) -> None:
    assert list(told(figures)) == list(COLUMNS)
    assert list(told(figures, of_unit=True)) == list(COLUMNS)
    assert set(UNIT_COLUMNS) <= set(COLUMNS)
    assert set(RATES) <= set(COLUMNS)


@settings(max_examples=30)
@given(COUNTS, COUNTS)
def test_figures_add_up(one: Figures, other: Figures) -> None:
    total = added([one, other])
    assert all(
        getattr(total, each.name) == getattr(one, each.name) + getattr(other, each.name) for each in fields(Figures)
    )


@settings(max_examples=30)
@given(COUNTS)
def test_of_a_unit_nothing_of_the_office_is_told(figures: Figures) -> None:
    shown = told(figures, of_unit=True)
    assert shown["taken"] is None
    assert [
        name for name, value in shown.items() if name.startswith(("accept_", "office_")) and value is not None
    ] == []


def test_few_is_less_than_three_ratings_of_some_answers() -> None:
    assert [is_few(Figures(answers=answers)) for answers in (0, 1)] == [False, True]
    assert [is_few(Figures(answers=3, unit_fair=number)) for number in (2, 3)] == [True, False]


@pytest.mark.parametrize("number", range(FEW + 1))
def test_few_ratings_of_a_unit_are_hidden_whole(number: int) -> None:
    figures = Figures(answers=5, unit_satisfied=number)
    shown = {name: value for name, value in told(figures, of_unit=True).items() if name.startswith("unit_")}
    assert is_few(figures) == (number < FEW)
    assert (set(shown.values()) == {None}) == (number < FEW)


def test_few_ratings_of_the_county_are_told() -> None:
    assert told(Figures(answers=1, unit_satisfied=1))["unit_rate"] == 1.0


def test_page_says_that_there_are_too_few() -> None:
    line = BoardLine("department:LYJ", "林业局", Figures(answers=2, unit_unsatisfied=2), of_unit=True)
    shown = {cell.label: cell for cell in cells(line)}["满意率：单位"]
    assert (shown.text, shown.under) == (TOO_FEW, "")
    assert "去年 —" in shown.before


def test_page_of_a_unit_has_no_column_of_the_office() -> None:
    labels = {column.label for column in columns_for(of_unit=True)}
    assert not {"收到", "按期受理率", "满意率：信访局"} & labels
    assert len(cells(BoardLine("x", "x", of_unit=True))) == len(labels)


@settings(max_examples=30)
@given(COUNTS, COUNTS, st.booleans())
def test_every_line_can_be_shown(now: Figures, before: Figures, of_unit: bool) -> None:
    shown = cells(BoardLine("x", "x", now, before, of_unit))
    assert all(cell.text and cell.before for cell in shown)
