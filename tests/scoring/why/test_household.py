"""Why a household has the score it has."""

from datetime import date

import pytest
from django.http import Http404

from households.imports.households import import_households
from households.roles import Role
from scoring.models import ScoreEvent
from scoring.readers import Reader
from scoring.why.why import HouseholdWhy, explain
from tests.scoring.eventful_month import (
    CAPPED,
    DOCUMENT,
    FORGIVEN,
    GENEROUS,
    MIXED,
    PLAIN,
    REMINDED,
    SCORES,
    UNLAWFUL,
    WAITING,
)
from tests.world import COUNTY, MONTH, STRANGE, VILLAGE, World


def why(world: World, code: str, role: str = Role.COUNTY_OFFICE) -> HouseholdWhy:
    return explain(MONTH, code, Reader(world.user(role)))


@pytest.mark.parametrize(("code", "score"), SCORES.items())
def test_household_sum_comes_to_the_score_by_hand(eventful: World, code: str, score: int) -> None:
    explained = why(eventful, code)
    assert explained.score == score == sum(term.amount for term in explained.terms)
    assert not explained.stale


def test_capped_zero_says_what_was_not_taken(eventful: World) -> None:
    explained = why(eventful, CAPPED)
    assert explained.equation == "100 − 10 − 10 − 5 + 5 = 80"
    assert explained.terms[-1].what == "零污染每月最多扣 20 分，多出的 5 分不扣"


def test_capped_bonus_says_what_was_not_given(eventful: World) -> None:
    assert why(eventful, GENEROUS).terms[-1].what == "加分每月最多 20 分，多出的 5 分不计"


def test_reminder_is_listed_and_costs_nothing(eventful: World) -> None:
    explained = why(eventful, REMINDED)
    assert [(term.event.clause, term.amount) for term in explained.terms[1:]] == [("WJ01", 0)]
    assert [lamp.state for lamp in explained.lamps] == ["reminded", "kept", "kept", "kept", "kept", "kept"]


def test_waiting_entry_is_on_record_and_does_not_count(eventful: World) -> None:
    explained = why(eventful, WAITING)
    assert [(line.clause, line.state.label) for line in explained.others] == [("WJ04", "待确认")]
    assert explained.events == []


def test_withdrawn_entry_gives_its_reason(eventful: World) -> None:
    (line,) = why(eventful, FORGIVEN).others
    assert (line.state.label, line.withdraw_reason) == ("已撤回", "核查不属实")


def test_event_names_clause_day_recorder_and_second_person(eventful: World) -> None:
    (line,) = why(eventful, UNLAWFUL).events
    assert line.text.startswith("有《信访工作条例》第二十六条")
    assert (line.date.isoformat(), line.document_no) == ("2024-05-20", DOCUMENT)
    assert (line.recorded_by, line.confirmed_by) == ("信访局甲（信访局）", "县六零办甲（县六零办）")


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT])
def test_petition_entry_is_points_alone_for_others(eventful: World, role: str) -> None:
    explained = why(eventful, UNLAWFUL, role)
    (line,) = explained.events
    assert (line.text, line.amount, explained.score) == ("依法记录，内容不公开", -10, 90)
    assert (line.event, line.clause, line.date, line.document_no, line.note) == (None, "", None, "", "")
    assert line.recorded_by == line.confirmed_by == ""


@pytest.mark.parametrize("role", [Role.PETITION_OFFICE, Role.COUNTY_OFFICE])
def test_petition_entry_is_open_to_its_two_offices(eventful: World, role: str) -> None:
    assert why(eventful, UNLAWFUL, role).events[0].clause == "FF01"


@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.CADRE, "孙十全"), (Role.TOWNSHIP, "孙*"), (Role.COUNTY_OFFICE, "孙*"), (Role.SUPERVISOR, "孙*")],
)
def test_name_is_masked_except_for_the_own_cadre(eventful: World, role: str, name: str) -> None:
    assert why(eventful, MIXED, role).name == name


def test_leader_reads_names_of_his_group_only(eventful: World) -> None:
    assert why(eventful, CAPPED, Role.GROUP_LEADER).name == "张三丰"
    with pytest.raises(Http404):
        why(eventful, MIXED, Role.GROUP_LEADER)


def test_undeclared_household_has_no_score_and_never_full_marks(eventful: World) -> None:
    explained = why(eventful, f"{STRANGE}010001")
    assert (explained.score, explained.reason, explained.terms) == (None, "未申报，没有得分。", [])
    assert {lamp.state for lamp in explained.lamps} == {"grey"}


def test_household_registered_after_the_declaration_is_told_so(eventful: World) -> None:
    row = f"division_code,group,household_no,head_name,phone,address\n{VILLAGE},1,9,后来人,,\n"
    report = import_households(name="late.csv", data=row.encode(), today=date(2024, 5, 25))
    assert report.written, report.errors
    assert "由村干部重新申报" in why(eventful, f"{CAPPED[:14]}0009").reason


def test_household_outside_scope_is_not_there(eventful: World) -> None:
    with pytest.raises(Http404):
        explain(MONTH, PLAIN, Reader(eventful.stranger(Role.CADRE)))


def test_household_that_is_unknown_is_not_there(eventful: World) -> None:
    with pytest.raises(Http404):
        why(eventful, f"{COUNTY}201201010999")


def test_scheme_of_the_month_is_named(eventful: World) -> None:
    assert why(eventful, PLAIN).scheme.code == "2023"


def test_score_that_is_about_to_change_is_marked(eventful: World) -> None:
    event = ScoreEvent.objects.get(code=UNLAWFUL)
    ScoreEvent.objects.filter(pk=event.pk).update(withdrawn_at=event.confirmed_at, withdraw_reason="复核撤销")
    explained = why(eventful, UNLAWFUL)
    assert (explained.score, explained.stale) == (100, True)
