"""The forms of funds read what people type, and say in their words what cannot be read."""

import pytest
from django.http import QueryDict

from rewards.awards.engine import Band, Goal
from rewards.awards.forms import (
    AwardDecisionForm,
    BandSet,
    FundForm,
    GoalSet,
    GradesForm,
    MonthsForm,
    PreviewForm,
    RuleForms,
    SourceForm,
)
from rewards.models import AwardKind
from tests.rewards.awards.typed import lines


def typed(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


@pytest.mark.parametrize("month", ["2026-10", "２０２６-１０", " 2026-10 "])
def test_month_is_read(month: str) -> None:
    form = MonthsForm({"first": month, "last": "2026-11"})
    assert form.is_valid()
    assert form.cleaned_data["first"] == "2026-10"


@pytest.mark.parametrize(("month", "words"), [("十月", "不是月份"), ("2026-13", "不是月份"), ("", "请填写这一项")])
def test_month_that_is_none_is_told(month: str, words: str) -> None:
    form = MonthsForm({"first": month, "last": "2026-11"})
    assert not form.is_valid()
    assert words in form.errors["first"][0]


def test_preview_wants_a_kind_that_there_is() -> None:
    good = {"first": "2026-10", "last": "2026-11"}
    assert PreviewForm(good | {"kind": "goal"}).is_valid()
    assert "kind" in PreviewForm(good | {"kind": "best"}).errors


@pytest.mark.parametrize("year", ["1999", "3000", "今年", ""])
def test_year_of_a_fund_is_a_year(year: str) -> None:
    form = FundForm({"op_id": "8a7b8f66-8f5c-4d0e-9f59-0b3c5f4f7d11", "year": year, "name": "资金"})
    assert "year" in form.errors


def test_fund_without_an_id_is_not_made() -> None:
    assert "op_id" in FundForm({"year": "2026", "name": "资金"}).errors


@pytest.mark.django_db
def test_source_wants_a_department_that_there_is() -> None:
    form = SourceForm({"department": "XXX", "amount": "5", "document_no": "文"})
    assert "department" in form.errors


@pytest.mark.parametrize(
    ("row", "band"),
    [
        ({"from_rank": "1", "to_rank": "10", "amount": "5000"}, Band(1, 10, 500_000)),
        ({"from_rank": "3", "to_rank": "", "amount": "5000"}, Band(3, 3, 500_000)),
        ({"from_rank": "", "to_rank": "", "amount": ""}, None),
        ({"from_rank": "", "to_rank": "9", "amount": "5"}, Band(0, 9, 500)),
    ],
)
def test_line_of_bands_is_read(row: dict[str, str], band: Band | None) -> None:
    forms = BandSet(lines("bands", row), prefix="bands")
    assert forms.is_valid()
    assert forms[0].band == band


@pytest.mark.parametrize("row", [{"from_rank": "一"}, {"from_rank": "0"}, {"from_rank": "1", "amount": "很多"}])
def test_line_of_bands_that_cannot_be_read_is_told(row: dict[str, str]) -> None:
    assert not BandSet(lines("bands", row), prefix="bands").is_valid()


@pytest.mark.parametrize(
    ("row", "goal"),
    [
        ({"what": "six_zero", "at_least": "95.5", "amount": "100"}, Goal("six_zero", 9550, False, 10_000)),
        ({"what": "result", "at_least": "99", "every_month": "on", "amount": "1"}, Goal("result", 9900, True, 100)),
        ({"what": "result", "at_least": "", "amount": ""}, Goal("result", 0, False, 0)),
        ({"what": "", "at_least": "95", "amount": "100"}, None),
    ],
)
def test_line_of_goals_is_read(row: dict[str, str], goal: Goal | None) -> None:
    forms = GoalSet(lines("goals", row), prefix="goals")
    assert forms.is_valid()
    assert forms[0].goal == goal


@pytest.mark.parametrize("row", [{"what": "luck"}, {"what": "result", "at_least": "99.555"}, {"at_least": "-1"}])
def test_line_of_goals_that_cannot_be_read_is_told(row: dict[str, str]) -> None:
    assert not GoalSet(lines("goals", row), prefix="goals").is_valid()


def test_rule_by_rank_has_bands_and_no_price() -> None:
    fields = {"pool": "1000", "per_point": "5", "points_most": "9"}
    forms = RuleForms(AwardKind.TOWNSHIP, None, fields | lines("bands", {"from_rank": "1", "amount": "10"}))
    assert forms.is_valid()
    draft = forms.draft
    assert (draft.bands, draft.goals) == ([Band(1, 1, 1000)], [])
    assert (draft.fen_per_point, draft.points_most) == (None, None)


def test_rule_by_points_has_a_price_and_no_lines() -> None:
    forms = RuleForms(AwardKind.POINTS, None, {"pool": "1000", "per_point": "5", "points_most": "9"})
    assert forms.is_valid()
    assert (forms.draft.fen_per_point, forms.draft.points_most, forms.draft.bands) == (500, 9, [])


def test_rule_by_points_without_a_price_is_left_to_the_action() -> None:
    forms = RuleForms(AwardKind.POINTS, None, {"pool": "1000", "per_point": "", "points_most": ""})
    assert forms.is_valid()
    assert forms.draft.fen_per_point is None


def test_rule_with_one_line_that_cannot_be_read_is_not_valid() -> None:
    rows = lines("bands", {"from_rank": "1", "amount": "10"}, {"from_rank": "x"})
    assert not RuleForms(AwardKind.COMPREHENSIVE, None, {"pool": "1000"} | rows).is_valid()


def test_empty_rule_shows_empty_lines() -> None:
    forms = RuleForms(AwardKind.GOAL, None)
    assert forms.bands is None
    assert len(forms.goals) == 4


def test_decision_is_about_awards_of_the_page() -> None:
    good = AwardDecisionForm([5, 7], typed(awards="5", choice="keep", reason="没影响"))
    assert good.is_valid()
    assert (good.cleaned_data["awards"], good.cleaned_data["amount"]) == ([5], 0)
    strange = AwardDecisionForm([5, 7], typed(awards="6", choice="keep", reason="没影响"))
    assert "awards" in strange.errors


@pytest.mark.parametrize("fields", [{"choice": "burn"}, {"reason": ""}, {"amount": "一半"}])
def test_decision_that_cannot_be_read_is_told(fields: dict[str, str]) -> None:
    form = AwardDecisionForm([5], typed(**({"awards": "5", "choice": "reduce", "amount": "5", "reason": "x"} | fields)))
    assert list(form.errors) == list(fields)


def test_grades_follow_each_other() -> None:
    form = GradesForm({"year": "2026", "excellent": "20", "good": "70", "passed": "104"})
    assert form.is_valid()
    assert form.bands == [(1, 20, "优秀"), (21, 70, "良好"), (71, 104, "合格")]
