"""What no scheme may do, checked before one is published: every refusal has a name, a place and a Chinese sentence. Pure.

Two kinds of guard: the scheme's own arithmetic and form, and the red lines, acts that the law protects and that may
therefore never cost points. The acts are in `protected_acts`; the law behind each is named there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.rules import BASE, Kind
from scoring.schemes.files import ClauseDraft, IndicatorDraft, SchemeDraft
from scoring.schemes.protected_acts import (
    ARTICLE_26,
    BENEFIT_GATE,
    PROTECTED_ACTS,
    REWARDED_SILENCE,
    SEALED_RECORD,
    SEALED_SINCE,
    named_in,
    plain,
    sealed_record_in,
)

PETITION = "petition"
PETITION_OFFICE = "petition_office"
SUBJECTS = ("household", "division", "both")
RECORDERS = ("leader", "cadre", "township", "department", PETITION_OFFICE, "county_office")
INDICATORS = 6
TEXT_LENGTH = 200
BASIS_LENGTH = 100
NAME_LENGTH = 10
LAMP_LENGTH = 2
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}", re.ASCII)
_INDICATOR_CODE = re.compile(r"[a-z][a-z_]{1,19}", re.ASCII)
_MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class RedlineProblem:
    """One refusal: the guard's name, the code of the clause or indicator (empty for the scheme), a Chinese sentence."""

    guard: str
    where: str
    message: str


def check_scheme(scheme: SchemeDraft) -> list[RedlineProblem]:
    """Everything that keeps a scheme from being published; empty when it may be."""
    problems = [*_scheme_problems(scheme), *_duplicates(scheme)]
    for indicator in scheme.indicators:
        problems += _indicator_problems(indicator)
        for clause in indicator.clauses:
            problems += check_clause(clause, indicator.code, scheme.effective_from)
    return problems


def check_clause(clause: ClauseDraft, indicator: str, month: str = "") -> list[RedlineProblem]:
    """Everything wrong with one clause of an indicator; usable while a clause is still being written.

    `month` (YYYY-MM) is the first in which it shall count: records are sealed since January 2026.
    """
    return [
        *_form_problems(clause),
        *_point_problems(clause),
        *_petition_problems(clause, indicator),
        *_red_lines(clause),
        *_sealed_problems(clause, month),
    ]


def _scheme_problems(scheme: SchemeDraft) -> Iterator[RedlineProblem]:
    total = sum(indicator.share for indicator in scheme.indicators)
    if total != BASE:
        yield RedlineProblem("shares_sum", "", f"各指标分值合计是 {total}，应当正好是 {BASE}。")
    if len(scheme.indicators) != INDICATORS:
        yield RedlineProblem(
            "six_indicators", "", f"六零应有 {INDICATORS} 个指标，现在有 {len(scheme.indicators)} 个。"
        )
    if not _MONTH.fullmatch(scheme.effective_from):
        yield RedlineProblem("effective_from", "", f"起始月份“{_short(scheme.effective_from)}”应写成 2026-10 的样子。")
    if not 1 <= len(scheme.code) <= 20:
        yield RedlineProblem("scheme_code", "", "版本代码应有 1 到 20 个字符。")
    if not 1 <= len(scheme.name) <= 60:
        yield RedlineProblem("scheme_name", "", "名称应有 1 到 60 个字。")


def _duplicates(scheme: SchemeDraft) -> Iterator[RedlineProblem]:
    for code in _repeated(clause.code for clause in scheme.clauses):
        yield RedlineProblem(
            "clause_duplicate", code, f"条款代码“{_short(code)}”出现了不止一次，每条的代码只能用一次。"
        )
    for code in _repeated(indicator.code for indicator in scheme.indicators):
        yield RedlineProblem("indicator_duplicate", code, f"指标代码“{_short(code)}”出现了不止一次。")
    for name in _repeated(indicator.name for indicator in scheme.indicators):
        yield RedlineProblem("indicator_duplicate", name, f"指标“{_short(name)}”出现了不止一次。")


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _indicator_problems(indicator: IndicatorDraft) -> Iterator[RedlineProblem]:
    code, name = indicator.code, _short(indicator.name)
    if indicator.share < 1:
        yield RedlineProblem("share_positive", code, f"指标“{name}”的分值是 {indicator.share}，应当大于 0。")
    if not _INDICATOR_CODE.fullmatch(code):
        yield RedlineProblem(
            "indicator_code", code, f"指标代码“{_short(code)}”只能用小写英文字母和下划线，最多 20 个。"
        )
    if not 1 <= len(indicator.name) <= NAME_LENGTH:
        yield RedlineProblem("indicator_name", code, f"指标“{name}”的名称应有 1 到 {NAME_LENGTH} 个字。")
    if not 1 <= len(indicator.lamp) <= LAMP_LENGTH:
        yield RedlineProblem("indicator_lamp", code, f"指标“{name}”灯上的字应有 1 到 {LAMP_LENGTH} 个。")
    if not indicator.clauses:
        yield RedlineProblem("indicator_empty", code, f"指标“{name}”一条条款也没有。")


def _form_problems(clause: ClauseDraft) -> Iterator[RedlineProblem]:
    code, place = clause.code, _place(clause)
    if not _CODE.fullmatch(code):
        yield RedlineProblem("clause_code", code, f"{place}的代码应由大写英文字母和数字组成，字母开头，2 到 20 位。")
    if not clause.text.strip() or len(clause.text) > TEXT_LENGTH:
        yield RedlineProblem(
            "clause_text", code, f"{place}的内容应有 1 到 {TEXT_LENGTH} 个字，现在有 {len(clause.text.strip())} 个。"
        )
    if len(clause.basis) > BASIS_LENGTH:
        yield RedlineProblem(
            "clause_basis", code, f"{place}的依据最多 {BASIS_LENGTH} 个字，现在有 {len(clause.basis)} 个。"
        )
    if clause.kind not in set(Kind):
        yield RedlineProblem("clause_kind", code, f"{place}的类别“{_short(clause.kind)}”不认识，应是扣分、提醒或加分。")
    if clause.subject not in SUBJECTS:
        yield RedlineProblem("clause_subject", code, f"{place}的适用对象“{_short(clause.subject)}”不认识。")
    if clause.recorder not in RECORDERS:
        yield RedlineProblem("clause_recorder", code, f"{place}的登记人“{_short(clause.recorder)}”不认识。")


def _point_problems(clause: ClauseDraft) -> Iterator[RedlineProblem]:
    code, place, points = clause.code, _place(clause), clause.points
    if clause.kind == Kind.REMIND and points != 0:
        yield RedlineProblem("remind_points", code, f"{place}是提醒，分值应为 0，现在是 {points}。")
    if clause.kind == Kind.DEDUCT and not 1 <= points <= BASE:
        yield RedlineProblem("deduct_points", code, f"{place}的扣分应在 1 到 {BASE} 之间，现在是 {points}。")
    if clause.kind == Kind.BONUS and not 1 <= points <= BASE:
        yield RedlineProblem("bonus_points", code, f"{place}的加分应在 1 到 {BASE} 之间，现在是 {points}。")


def _petition_problems(clause: ClauseDraft, indicator: str) -> Iterator[RedlineProblem]:
    """零非访 is the petition office's alone; a deduction stands on an Article 26 document and stays in the house.

    Moving it under another indicator does not get round this: the article's name gives it away.
    """
    about_petitions = indicator == PETITION or re.search(ARTICLE_26, plain(clause.text))
    if not about_petitions:
        return
    code, place = clause.code, _place(clause)
    if clause.recorder != PETITION_OFFICE:
        yield RedlineProblem("petition_recorder", code, f"{place}属于零非访，只能由信访局登记。")
    if clause.kind != Kind.DEDUCT:
        return
    if not clause.document_required:
        yield RedlineProblem("petition_document", code, f"{place}是零非访扣分，必须要求生效法律文书的文书号。")
    if clause.subject != "household":
        yield RedlineProblem("petition_subject", code, f"{place}是零非访扣分，只能针对本户，不能扣组、村、乡镇的分。")


def _red_lines(clause: ClauseDraft) -> Iterator[RedlineProblem]:
    code, place = clause.code, _place(clause)
    if clause.kind == Kind.DEDUCT:
        for act in PROTECTED_ACTS:
            found = named_in(clause.text, act)
            if found:
                sentence = f"{place}因“{found}”扣分：{act.name}受法律保护，不得扣分。{act.way_out}"
                yield RedlineProblem(f"protected_{act.code}", code, sentence)
    if clause.kind == Kind.BONUS and (found := named_in(clause.text, REWARDED_SILENCE)):
        sentence = f"{place}因“{found}”加分：{REWARDED_SILENCE.name}，不得作为加分条件。{REWARDED_SILENCE.way_out}"
        yield RedlineProblem("rewarded_silence", code, sentence)
    if found := named_in(clause.text, BENEFIT_GATE):
        sentence = f"{place}写了“{found}”：{BENEFIT_GATE.name}，积分不得影响。{BENEFIT_GATE.way_out}"
        yield RedlineProblem("benefit_gate", code, sentence)


def _sealed_problems(clause: ClauseDraft, month: str) -> Iterator[RedlineProblem]:
    """A deduction that rests on a decision whose record is sealed, of a household or of a place."""
    if clause.kind != Kind.DEDUCT or month < f"{SEALED_SINCE:%Y-%m}":
        return
    if found := sealed_record_in(clause.text, clause.basis):
        sentence = (
            f"{_place(clause)}以“{found}”为依据：2026年1月1日起施行的《治安管理处罚法》第一百三十六条规定，"
            f"{SEALED_RECORD.name}应当封存，不得向任何单位和个人提供或者公开。{SEALED_RECORD.way_out}"
        )
        yield RedlineProblem(SEALED_RECORD.code, clause.code, sentence)


def _place(clause: ClauseDraft) -> str:
    text = clause.text if len(clause.text) <= 20 else f"{clause.text[:20]}…"
    return f"条款 {_short(clause.code)}“{text}”"


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}…"
