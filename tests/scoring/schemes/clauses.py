"""A clause that passes every guard, to be spoilt by tests."""

from dataclasses import replace

from scoring.schemes.files import ClauseDraft
from scoring.schemes.redlines import RedlineProblem, check_clause

CLAUSE = ClauseDraft(
    code="XX01",
    text="乱倒垃圾，提醒后不改",
    kind="deduct",
    points=5,
    subject="household",
    recorder="leader",
    document_required=False,
    second_person=False,
    basis="村规民约",
)


def guards(problems: list[RedlineProblem]) -> set[str]:
    return {problem.guard for problem in problems}


def clause_guards(indicator: str = "pollution", **changes: object) -> set[str]:
    return guards(check_clause(replace(CLAUSE, **changes), indicator))
