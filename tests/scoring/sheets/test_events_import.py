"""Import of events by the county office."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given as these
from hypothesis import strategies as st

from households.imports.problems import ImportReport
from households.models import AuditEvent, Household
from scoring.models import HouseholdScore, Mark, Period, Scheme, ScoreEvent, Sheet
from scoring.rollup import rollup
from scoring.sheets.events_import import ids_of_rows, import_events
from tests.world import COUNTY, DAY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

BOTH = "household_code,division_code,date,clause_code,document_no,note\n"
ONE = "household_code|division_code,date,clause_code,document_no,note\n"
HOUSEHOLD = f"{VILLAGE}010001"
TODAY = date(2024, 6, 1)
# Clauses of the shipped scheme of 2023: no document, with document, bonus, for divisions, for both.
PLAIN, DOCUMENTED, BONUS, OF_DIVISIONS, OF_BOTH = "WJ02", "FA04", "SG11", "FA14", "SG02"


def load(*lines: str, header: str = ONE, **given: Any) -> ImportReport:
    data = (header + "".join(f"{line}\n" for line in lines)).encode()
    return import_events(**({"name": "e.csv", "data": data, "today": TODAY} | given))


def row(code: str = HOUSEHOLD, day: str = str(DAY), clause: str = PLAIN, document: str = "", note: str = "") -> str:
    return f"{code},{day},{clause},{document},{note}"


def reasons(report: ImportReport) -> list[tuple[int, str, str]]:
    assert report.refused
    assert not ScoreEvent.objects.exists()
    return [(problem.line, problem.column, problem.reason) for problem in report.errors]


def event() -> ScoreEvent:
    return ScoreEvent.objects.get()


def test_event_is_recorded_and_confirmed_by_the_county(world: World) -> None:
    assert load(row(note="占了水沟")).counts == {"新增": 1, "已存在": 0}
    found = event()
    assert (found.code, found.period_id, found.date, found.note) == (HOUSEHOLD, MONTH, DAY, "占了水沟")
    assert (found.source, found.recorded_by, found.confirmed_by) == ("import", None, None)
    assert found.confirmed_at == found.recorded_at


def test_event_copies_the_clause(world: World) -> None:
    load(row(clause=DOCUMENTED, document="洞公罚〔2024〕3号"))
    clause, found = world.clause(DOCUMENTED), event()
    copied = (found.clause, found.indicator, found.kind, found.points)
    assert copied == (clause, clause.indicator.position, clause.kind, clause.points)
    assert found.document_no == "洞公罚〔2024〕3号"


def test_event_of_a_person_bears_his_name(world: World) -> None:
    load(row(), by=world.user("county_office"))
    assert event().recorded_by == event().confirmed_by == world.user("county_office")


def test_event_enters_the_score(world: World) -> None:
    world.declare(world.village)
    load(row())
    rollup.roll_up_marked()
    assert HouseholdScore.objects.get(month=MONTH, code=HOUSEHOLD).score == 100 - world.clause(PLAIN).points


@pytest.mark.parametrize("code", [f"{VILLAGE}01", VILLAGE, TOWNSHIP, f"{TOWNSHIP}000", COUNTY, f"{COUNTY}000000"])
def test_divisions_of_any_level_are_taken(world: World, code: str) -> None:
    load(row(code, clause=OF_DIVISIONS, document="通报1号"))
    assert event().code == code[: len(event().code)]


def test_two_columns_take_one_code_a_row(world: World) -> None:
    lines = (f"{HOUSEHOLD},,{DAY},{PLAIN},,", f",{VILLAGE},{DAY},{OF_BOTH},,")
    assert load(*lines, header=BOTH).counts["新增"] == 2
    assert set(ScoreEvent.objects.values_list("code", flat=True)) == {HOUSEHOLD, VILLAGE}


@pytest.mark.parametrize(
    ("column", "code", "clause"), [("household_code", HOUSEHOLD, PLAIN), ("division_code", VILLAGE, OF_BOTH)]
)
def test_one_column_alone_is_taken(world: World, column: str, code: str, clause: str) -> None:
    assert load(row(code, clause=clause), header=f"{column},date,clause_code,document_no,note\n").written


@pytest.mark.parametrize(
    ("codes", "column", "word"),
    [
        (f"{HOUSEHOLD},{VILLAGE}", "division_code", "只能填一个"),
        (",", "household_code", "要填一个"),
        (f"{VILLAGE},", "household_code", "村代码"),
        (f",{HOUSEHOLD}", "division_code", "户代码"),
    ],
)
def test_two_columns_filled_otherwise_are_refused(world: World, codes: str, column: str, word: str) -> None:
    ((line, found, reason),) = reasons(load(f"{codes},{DAY},{PLAIN},,", header=BOTH))
    assert (line, found) == (2, column)
    assert word in reason


def test_same_file_again_adds_nothing(world: World) -> None:
    lines = [row(), row(clause=BONUS)]
    load(*lines)
    assert load(*lines).counts == {"新增": 0, "已存在": 2}
    assert ScoreEvent.objects.count() == 2


def test_equal_rows_of_one_file_are_two_events_when_they_are_meant(world: World) -> None:
    [(line, column, reason)] = reasons(load(row(), row()))
    assert (line, column, "与第 2 行是同一件事" in reason) == (3, "clause_code", True)
    assert load(row(), row(), again=True).counts["新增"] == 2
    assert load(row(), row(), row(), again=True).counts == {"新增": 1, "已存在": 2}


def test_dress_does_not_make_another_event(world: World) -> None:
    load(row(day="2024-05-20"))
    assert load(row(day="2024/5/20", clause="wj02")).counts["已存在"] == 1


def test_clause_is_kept_in_the_scheme_s_spelling(world: World) -> None:
    load(row(clause="wj02"))
    assert event().clause.code == PLAIN


def test_withdrawn_event_is_not_recorded_again(world: World) -> None:
    load(row())
    ScoreEvent.objects.update(withdrawn_at="2024-06-01T00:00Z", withdraw_reason="查无此事")
    assert load(row()).counts == {"新增": 0, "已存在": 1}


def test_month_is_opened_when_it_was_not(world: World) -> None:
    Period.objects.filter(month="2024-04").delete()
    load(row(day="2024-06-01"))
    assert Period.objects.get(month="2024-06").scheme == Period.objects.get(month=MONTH).scheme


def test_clause_is_that_of_the_month(world: World) -> None:
    Period.objects.all().delete()  # the county begins with it
    load(row(day="2022-03-08", clause="SG11"))
    assert event().clause.scheme == Scheme.objects.get(code="2022")


def test_month_without_a_scheme_is_refused(world: World) -> None:
    ((_, column, reason),) = reasons(load(row(day="2020-03-08")))
    assert column == "date"
    assert "没有已发布的考核细则" in reason
    assert not Period.objects.filter(month="2020-03").exists()


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (row(day="2024-06-02"), "date", "还没有到"),
        (row(day="2024-02-30"), "date", "没有这一天"),
        (row(day=""), "date", "2026-10-05"),
        (row(clause="ZZ99"), "clause_code", "里没有条款 ZZ99"),
        (row(clause=""), "clause_code", "条款代码"),
        (row(clause=OF_DIVISIONS, document="1号"), "clause_code", "不能记在户上"),
        (row(VILLAGE), "clause_code", "不能记在组、村、乡镇上"),
        (row(clause=DOCUMENTED), "document_no", "须有文书号"),
        (row(f"{VILLAGE}010099"), "household_code|division_code", "没有代码为"),
        (row(f"{VILLAGE}99", clause=OF_BOTH), "household_code|division_code", "没有代码为"),
        (row("4307262012"), "household_code|division_code", "10 位"),
        (row(note="=1+1"), "note", "公式"),
        (row(note="长" * 10_000), "note", "最多 200 个字"),
        (row(document="@x"), "document_no", "公式"),
    ],
)
def test_bad_row_is_refused_and_nothing_written(world: World, line: str, column: str, word: str) -> None:
    ((where, found, reason),) = reasons(load(row(), line))
    assert (where, found) == (3, column)
    assert word in reason


@pytest.mark.parametrize("ended", [{"valid_to": "2024-05-31"}, {"valid_from": "2024-06-01"}])
def test_household_must_count_on_the_last_day(world: World, ended: dict[str, str]) -> None:
    Household.objects.filter(code=HOUSEHOLD).update(**ended)
    ((_, _, reason),) = reasons(load(row()))
    assert reason == f"户 {HOUSEHOLD} 在 {MONTH} 不在册"


@pytest.fixture(params=["posted", "frozen"])
def closed(world: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """The world, with its first village's month past editing."""
    world.declare(world.village)
    frozen_at = "2024-06-12T00:00Z" if request.param == "frozen" else None
    Sheet.objects.filter(village=VILLAGE).update(state=request.param, frozen_at=frozen_at)
    yield world


@pytest.mark.parametrize("code", [VILLAGE, f"{VILLAGE}01", TOWNSHIP, COUNTY])
def test_closed_month_is_refused_for_all_above_it(closed: World, code: str) -> None:
    ((_, column, reason),) = reasons(load(row(code, clause=OF_DIVISIONS, document="1号")))
    assert column == "household_code|division_code"
    assert f"村 {VILLAGE} {MONTH}" in reason
    assert "不能改动" in reason


def test_closed_month_is_refused_for_its_households_only(closed: World) -> None:
    assert len(reasons(load(row(), row(f"{SISTER}010001")))) == 1
    assert load(row(f"{SISTER}010001"), row(f"{STRANGE}010001")).written


def test_same_file_after_freezing_still_adds_nothing(world: World) -> None:
    load(row())
    world.frozen_month()
    assert load(row()).counts == {"新增": 0, "已存在": 1}


@pytest.mark.parametrize("state", ["open", "declared", "reviewed"])
def test_month_before_posting_takes_events(world: World, state: str) -> None:
    Sheet.objects.filter(pk=world.sheet().pk).update(state=state)
    assert load(row()).written


def test_sheet_moves_on_so_that_a_stale_page_is_told(world: World) -> None:
    before = world.sheet().version
    load(row())
    assert (world.sheet().version, event().sheet_version) == (before + 1, before + 1)
    load(row())
    assert world.sheet().version == before + 1


def test_marks_name_village_month_and_nothing_else(world: World) -> None:
    rollup.roll_up_marked()
    load(row(), row(TOWNSHIP, day="2024-04-02", clause=OF_BOTH))
    assert set(Mark.objects.values_list("month", "code")) == {(MONTH, VILLAGE), ("2024-04", TOWNSHIP)}


def test_rehearsal_writes_nothing_at_all(world: World) -> None:
    counts = (Period.objects.count(), Sheet.objects.count(), AuditEvent.objects.count(), Mark.objects.count())
    assert load(row(), row(day="2024-04-08"), dry_run=True).counts["新增"] == 2
    after = (Period.objects.count(), Sheet.objects.count(), AuditEvent.objects.count(), Mark.objects.count())
    assert (after, ScoreEvent.objects.count()) == (counts, 0)


def test_import_leaves_one_audit_line_without_notes(world: World) -> None:
    load(row(note="某人的事"), row(day="2024-04-02"))
    line = AuditEvent.objects.get(action="events.import")
    assert (line.place, line.detail["added"], line.detail["months"]) == (COUNTY, 2, ["2024-04", MONTH])
    assert "某人的事" not in str(line.detail)


def test_statements_do_not_grow_with_rows(world: World, django_assert_max_num_queries: Any) -> None:
    load(row(clause=BONUS))
    with django_assert_max_num_queries(24):
        load(row(note="一"))
    with django_assert_max_num_queries(24):
        load(*(row(note=str(number)) for number in range(60)))


@these(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), max_size=12))
def test_ids_of_rows_depend_on_content_and_count_only(rows: list[tuple[str, str]]) -> None:
    assert len(set(ids_of_rows(rows))) == len(rows)
    assert sorted(ids_of_rows(rows)) == sorted(ids_of_rows(sorted(rows)))
    assert ids_of_rows(rows)[: len(rows) // 2] == ids_of_rows(rows[: len(rows) // 2])
