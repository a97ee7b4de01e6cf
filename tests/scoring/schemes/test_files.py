"""The shipped schemes as they are written, and files that are not schemes."""

from dataclasses import replace

import pytest

from scoring.rules import Event, Kind, household_score
from scoring.schemes import files as scheme_files
from scoring.schemes.files import SchemeDraft, SchemeFileError

FIELDS_OF_COMMAND = ("code", "kind", "points", "subject", "document_required", "second_person", "recorder")
SMALL = """
code = "t"
name = "试"
effective_from = "2026-01"
note = ""

[[indicator]]
code = "crime"
name = "零发案"
lamp = "案"
share = 100

  [[indicator.clause]]
  code = "FA01"
  text = "赌博，有处罚决定"
  kind = "deduct"
  points = 5
  subject = "household"
  recorder = "department"
  document_required = true
  second_person = false
  basis = ""
"""

schemes = {scheme.code: scheme for scheme in scheme_files.shipped()}
every = pytest.mark.parametrize("scheme", schemes.values(), ids=schemes.keys())


def names(scheme: SchemeDraft) -> list[str]:
    return [indicator.name for indicator in scheme.indicators]


def with_deductions(scheme: SchemeDraft) -> list[scheme_files.IndicatorDraft]:
    """Since 2026 nothing costs points under 零非访: what the article lists is on record with the police alone, and sealed."""
    return [i for i in scheme.indicators if (scheme.code, i.code) != ("2026", "petition")]


def of(scheme: SchemeDraft, indicator: str, kind: str) -> list[scheme_files.ClauseDraft]:
    found = next(i for i in scheme.indicators if i.code == indicator)
    return [clause for clause in found.clauses if clause.kind == kind]


# What is shipped


def test_versions_are_shipped_oldest_first():
    assert [(scheme.code, scheme.effective_from) for scheme in scheme_files.shipped()] == [
        ("2022", "2022-01"),
        ("2023", "2023-01"),
        ("2026", "2026-01"),
    ]


def test_six_zeros_of_2023_in_their_order():
    assert names(schemes["2023"]) == ["零违建", "零污染", "零非访", "零发案", "零违纪", "零事故"]


def test_six_zeros_of_2022_have_epidemics_instead_of_discipline():
    assert names(schemes["2022"]) == ["零事故", "零非访", "零发案", "零违建", "零污染", "零疫情"]


def test_shares_of_2023():
    assert list(schemes["2023"].shares.values()) == [20, 20, 10, 20, 10, 20]


@every
def test_shares_sum_to_the_base(scheme):
    assert sum(scheme.shares.values()) == 100


@every
def test_the_note_says_that_it_is_a_template(scheme):
    assert "模板" in scheme.name
    assert "不是县里的正式文件" in scheme.note


@every
def test_lamps_are_one_character_each_and_different(scheme):
    lamps = [indicator.lamp for indicator in scheme.indicators]
    assert {len(lamp) for lamp in lamps} == {1}
    assert len(set(lamps)) == 6


@every
def test_every_zero_has_a_full_set_of_clauses(scheme):
    assert all(len(indicator.clauses) >= 8 for indicator in scheme.indicators)
    for indicator in with_deductions(scheme):
        assert {clause.kind for clause in indicator.clauses} == {"deduct", "remind", "bonus"}


@every
def test_every_zero_has_a_bonus_and_some_clause_for_divisions(scheme):
    for indicator in scheme.indicators:
        assert any(clause.subject in ("division", "both") for clause in indicator.clauses)
        assert of(scheme, indicator.code, "bonus")


@every
def test_deductions_of_a_zero_can_exceed_its_share(scheme):
    for indicator in with_deductions(scheme):
        points = [clause.points for clause in of(scheme, indicator.code, "deduct") if clause.subject != "division"]
        assert sum(points) > indicator.share


@every
def test_bonuses_can_exceed_their_cap(scheme):
    events = [Event(i.code, Kind.BONUS, c.points) for i in scheme.indicators for c in of(scheme, i.code, "bonus")]
    assert sum(event.points for event in events) > 20
    assert household_score(events, scheme.shares).score == 120


@pytest.mark.parametrize("indicator", ["illegal_building", "pollution", "discipline", "accident"])
def test_ordinary_deductions_need_neither_paper_nor_second_person(indicator):
    quick = [
        clause
        for clause in of(schemes["2023"], indicator, "deduct")
        if clause.recorder in ("leader", "cadre") and not clause.document_required and not clause.second_person
    ]
    assert any(clause.subject in ("household", "both") for clause in quick)


@every
def test_deductions_under_petitions_are_the_office_s_alone(scheme):
    for clause in of(scheme, "petition", "deduct"):
        assert (clause.recorder, clause.document_required, clause.second_person) == ("petition_office", True, True)
        assert "第二十六条" in clause.text


@every
def test_mediation_is_rewarded_under_petitions(scheme):
    assert any("调解" in clause.text for clause in of(scheme, "petition", "bonus"))


@every
def test_only_the_petition_office_records_under_petitions(scheme):
    found = [clause for kind in ("deduct", "remind", "bonus") for clause in of(scheme, "petition", kind)]
    assert found and {clause.recorder for clause in found} == {"petition_office"}


@every
def test_department_deductions_stand_on_a_document(scheme):
    found = [c for c in scheme.clauses if c.kind == "deduct" and c.recorder == "department"]
    assert found
    assert all(clause.document_required for clause in found)


@every
def test_divisions_can_lose_and_gain(scheme):
    kinds = {clause.kind for clause in scheme.clauses if clause.subject == "division"}
    assert {"deduct", "bonus"} <= kinds


@every
def test_clause_codes_are_stable_ascii(scheme):
    codes = [clause.code for clause in scheme.clauses]
    assert len(set(codes)) == len(codes)
    assert all(code.isascii() and code.isalnum() for code in codes)


@every
def test_every_clause_names_its_basis(scheme):
    assert all(clause.basis for clause in scheme.clauses)


def test_the_versions_differ_in_points_too():
    old = {clause.code: clause.points for clause in schemes["2022"].clauses}
    new = {clause.code: clause.points for clause in schemes["2023"].clauses}
    assert any(old[code] != new[code] for code in old.keys() & new.keys())


def test_a_clause_has_every_field_of_the_command():
    clause = next(iter(schemes["2023"].clauses))
    assert all(hasattr(clause, field) for field in FIELDS_OF_COMMAND)


# Files


def test_a_small_scheme_is_read():
    scheme = scheme_files.parse(SMALL, "small.toml")
    assert scheme.shares == {"crime": 100}
    assert [clause.code for clause in scheme.clauses] == ["FA01"]


def test_drafts_are_frozen():
    scheme = scheme_files.parse(SMALL, "small.toml")
    with pytest.raises(AttributeError):
        scheme.code = "other"
    assert replace(scheme, code="other").code == "other"


def test_a_scheme_without_indicators_is_read_and_left_to_the_guards():
    assert scheme_files.parse(SMALL.split("[[", maxsplit=1)[0], "small.toml").indicators == ()


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('name = "试"', "", "缺少字段“name”"),
        ('name = "试"', "name = 5", "字段“name”应是文字"),
        ("share = 100", 'share = "100"', "第 1 个指标：字段“share”应是整数"),
        ("share = 100", "share = true", "第 1 个指标：字段“share”应是整数"),
        ("share = 100", "share = 99.5", "第 1 个指标：字段“share”应是整数"),
        ("share = 100", "", "第 1 个指标：缺少字段“share”"),
        ("points = 5", 'points = "5"', "第 1 个指标第 1 条：字段“points”应是整数"),
        ("points = 5", "", "第 1 个指标第 1 条：缺少字段“points”"),
        ("document_required = true", "document_required = 1", "应是true 或 false"),
        ("points = 5", "points = 5\n  colour = 1", "没有“colour”这个字段"),
        ("points = 5", "points = ", "不是正确的 TOML"),
        ("[[indicator]]", "[indicator]", "应写成 [[indicator]] 的样子"),
        (SMALL[SMALL.index("[[indicator") :], "indicator = [1, 2]", "应写成 [[indicator]] 的样子"),
        (SMALL[SMALL.index("[[indicator") :], "indicator = 1", "应写成 [[indicator]] 的样子"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(before, after, reason):
    broken = SMALL.replace(before, after)
    assert broken != SMALL
    with pytest.raises(SchemeFileError) as refusal:
        scheme_files.parse(broken, "small.toml")
    assert str(refusal.value).startswith("small.toml")
    assert reason in str(refusal.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(SchemeFileError, match=r"gbk\.toml：文件不是 UTF-8 编码"):
        scheme_files.read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SchemeFileError, match=r"none\.toml：读不到这个文件"):
        scheme_files.read(tmp_path / "none.toml")


def test_a_file_on_disk_is_read(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert scheme_files.read(path) == scheme_files.parse(SMALL, "small.toml")
