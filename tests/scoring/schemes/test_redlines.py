"""The guards of a scheme: arithmetic, form, and the safeguards of petitions."""

from dataclasses import replace

import pytest

from scoring.schemes import files as scheme_files
from scoring.schemes.files import IndicatorDraft, SchemeDraft
from scoring.schemes.redlines import check_clause, check_scheme
from tests.scoring.schemes.clauses import CLAUSE, clause_guards, guards

SHIPPED = scheme_files.shipped()
SOUND = SHIPPED[-1]


def with_shares(*shares: int) -> SchemeDraft:
    pairs = zip(SOUND.indicators, shares, strict=True)
    return replace(SOUND, indicators=tuple(replace(indicator, share=share) for indicator, share in pairs))


def with_indicator(number: int, **changes: object) -> SchemeDraft:
    indicators: list[IndicatorDraft] = list(SOUND.indicators)
    indicators[number] = replace(indicators[number], **changes)
    return replace(SOUND, indicators=tuple(indicators))


# Shipped schemes


@pytest.mark.parametrize("scheme", SHIPPED, ids=lambda scheme: scheme.code)
def test_a_shipped_scheme_has_no_problem(scheme):
    assert check_scheme(scheme) == []


# Petitions

LAWFUL = replace(
    CLAUSE,
    text="有《信访工作条例》第二十六条所列围堵机关的行为，有生效处罚决定",
    recorder="petition_office",
    document_required=True,
    second_person=True,
)


def test_article_26_conduct_with_a_document_passes():
    assert check_clause(LAWFUL, "petition") == []


def test_article_26_in_figures_passes():
    text = "违反信访工作条例第26条，公安机关处罚决定书已生效"
    assert check_clause(replace(LAWFUL, text=text), "petition") == []


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"document_required": False}, "petition_document"),
        ({"recorder": "cadre"}, "petition_recorder"),
        ({"recorder": "county_office"}, "petition_recorder"),
        ({"subject": "division"}, "petition_subject"),
        ({"subject": "both"}, "petition_subject"),
        ({"text": "有信访行为"}, "protected_petition"),
        ({"text": "违反《信访工作条例》"}, "protected_petition"),
        ({"text": "违反《信访工作条例》第二十六条"}, "protected_petition"),
    ],
)
def test_a_petition_deduction_without_its_safeguards_is_refused(changes, guard):
    assert guards(check_clause(replace(LAWFUL, **changes), "petition")) == {guard}


@pytest.mark.parametrize("changes", [{"document_required": False}, {"recorder": "cadre"}])
def test_moving_it_under_another_zero_does_not_help(changes):
    assert guards(check_clause(replace(LAWFUL, **changes), "discipline"))


def test_a_petition_bonus_needs_no_document():
    assert (
        check_clause(replace(CLAUSE, kind="bonus", recorder="petition_office", text="配合调解成功"), "petition") == []
    )


# Points and form


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"points": 0}, "deduct_points"),
        ({"points": -5}, "deduct_points"),
        ({"points": 101}, "deduct_points"),
        ({"kind": "bonus", "points": 0}, "bonus_points"),
        ({"kind": "bonus", "points": -1}, "bonus_points"),
        ({"kind": "bonus", "points": 101}, "bonus_points"),
        ({"kind": "remind", "points": 1}, "remind_points"),
        ({"kind": "remind", "points": -1}, "remind_points"),
        ({"kind": "fine"}, "clause_kind"),
        ({"kind": ""}, "clause_kind"),
        ({"subject": "person"}, "clause_subject"),
        ({"recorder": "neighbour"}, "clause_recorder"),
        ({"recorder": "villager"}, "clause_recorder"),
        ({"code": ""}, "clause_code"),
        ({"code": "条款一"}, "clause_code"),
        ({"code": "wj01"}, "clause_code"),
        ({"code": "1A"}, "clause_code"),
        ({"code": "A" * 21}, "clause_code"),
        ({"text": ""}, "clause_text"),
        ({"text": "   "}, "clause_text"),
        ({"text": "垃" * 201}, "clause_text"),
        ({"text": "垃" * 10_000}, "clause_text"),
        ({"basis": "依" * 101}, "clause_basis"),
    ],
)
def test_a_clause_out_of_form_is_refused_by_name(changes, guard):
    assert clause_guards(**changes) == {guard}


@pytest.mark.parametrize(
    "changes",
    [
        {"points": 1},
        {"points": 100},
        {"kind": "bonus", "points": 1},
        {"kind": "bonus", "points": 100},
        {"kind": "remind", "points": 0},
        {"text": "垃" * 200},
        {"basis": ""},
        {"basis": "依" * 100},
        {"code": "AB"},
        {"code": "A" * 20},
    ],
)
def test_a_clause_at_its_limits_passes(changes):
    assert clause_guards(**changes) == set()


def test_what_was_written_is_shown_whole_up_to_24_signs():
    for kind, shown in (("k" * 24, "k" * 24), ("k" * 25, "k" * 24 + "…")):
        assert [f"“{shown}”" in problem.message for problem in check_clause(replace(CLAUSE, kind=kind), "crime")] == [
            True
        ]


def test_text_of_a_clause_is_shown_whole_up_to_20_signs():
    for text, shown in (("上访" * 10, "上访" * 10), ("上访" * 10 + "的", "上访" * 10 + "…")):
        (problem,) = check_clause(replace(CLAUSE, code="XX01", text=text), "crime")
        assert problem.message.startswith(f"条款 XX01“{shown}”因")


def test_refusals_stay_short_whatever_is_written():
    wild = replace(CLAUSE, code="X" * 10_000, text="上访" * 5_000, kind="k" * 10_000, subject="s" * 10_000)
    assert all(len(problem.message) < 200 for problem in check_clause(wild, "crime"))


# Shares and the whole


@pytest.mark.parametrize("shares", [(20, 20, 10, 20, 10, 19), (20, 20, 10, 20, 10, 21), (100, 1, 1, 1, 1, 1)])
def test_shares_that_do_not_sum_to_100_are_refused(shares):
    (problem,) = check_scheme(with_shares(*shares))
    assert problem.guard == "shares_sum"
    assert f"合计是 {sum(shares)}，应当正好是 100" in problem.message


@pytest.mark.parametrize("shares", [(40, 20, 10, 20, 10, 0), (60, 20, 10, 20, 10, -20)])
def test_shares_that_are_not_positive_are_refused(shares):
    (problem,) = check_scheme(with_shares(*shares))
    assert (problem.guard, problem.where) == ("share_positive", "accident")


def test_other_shares_that_sum_to_100_pass():
    assert check_scheme(with_shares(25, 25, 5, 25, 5, 15)) == []


def test_five_zeros_are_refused():
    found = guards(check_scheme(replace(SOUND, indicators=SOUND.indicators[:5])))
    assert found == {"shares_sum", "six_indicators"}


def test_no_indicators_at_all_are_refused():
    assert {"shares_sum", "six_indicators"} <= guards(check_scheme(replace(SOUND, indicators=())))


def test_a_clause_code_used_twice_is_refused_even_across_zeros():
    taken = SOUND.indicators[0].clauses[0].code
    doubled = (replace(SOUND.indicators[1].clauses[0], code=taken), *SOUND.indicators[1].clauses[1:])
    (problem,) = check_scheme(with_indicator(1, clauses=doubled))
    assert (problem.guard, problem.where) == ("clause_duplicate", taken)


@pytest.mark.parametrize("changes", [{"code": "pollution"}, {"name": "零污染"}])
def test_an_indicator_twice_is_refused(changes):
    assert guards(check_scheme(with_indicator(0, **changes))) == {"indicator_duplicate"}


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"code": "Illegal"}, "indicator_code"),
        ({"code": "违建"}, "indicator_code"),
        ({"name": ""}, "indicator_name"),
        ({"name": "零" * 11}, "indicator_name"),
        ({"lamp": ""}, "indicator_lamp"),
        ({"lamp": "违建灯"}, "indicator_lamp"),
        ({"clauses": ()}, "indicator_empty"),
    ],
)
def test_an_indicator_out_of_form_is_refused(changes, guard):
    assert guards(check_scheme(with_indicator(0, **changes))) == {guard}


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"effective_from": "2026-1"}, "effective_from"),
        ({"effective_from": "2026-13"}, "effective_from"),
        ({"effective_from": "x" * 10_000}, "effective_from"),
        ({"code": ""}, "scheme_code"),
        ({"code": "2" * 21}, "scheme_code"),
        ({"name": ""}, "scheme_name"),
        ({"name": "细" * 61}, "scheme_name"),
    ],
)
def test_a_scheme_out_of_form_is_refused(changes, guard):
    assert guards(check_scheme(replace(SOUND, **changes))) == {guard}


@pytest.mark.parametrize(
    "changes", [{"code": "2"}, {"code": "2" * 20}, {"name": "细"}, {"name": "细" * 60}, {"effective_from": "2999-12"}]
)
def test_a_scheme_at_its_limits_passes(changes):
    assert check_scheme(replace(SOUND, **changes)) == []


@pytest.mark.parametrize(
    "changes", [{"name": "零"}, {"name": "零" * 10}, {"lamp": "违"}, {"lamp": "违建"}, {"code": "zz"}]
)
def test_an_indicator_at_its_limits_passes(changes):
    assert check_scheme(with_indicator(0, **changes)) == []


def test_every_problem_is_reported_at_once():
    bad = (replace(CLAUSE, text="上访"), replace(CLAUSE, code="XX02", kind="remind", points=3))
    found = guards(check_scheme(replace(with_indicator(0, clauses=bad, share=30), effective_from="")))
    assert {"shares_sum", "effective_from", "protected_petition", "remind_points"} <= found
