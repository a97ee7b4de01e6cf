"""Where a village's declaration says zero and a department has found otherwise. Petitions are never asked."""

from households.scope import lies_in
from scoring.models import Finding, FindingAnswerKind, Sheet
from scoring.rules import Kind


def contradictions_of(sheet: Sheet) -> list[Finding]:
    """Findings that cost points and do not stand on the signed sheet: those nobody has explained first."""
    found = Finding.objects.unlanded().filter(lies_in(sheet.village_id), period=sheet.period_id)
    known = list(found.filter(clause__kind=Kind.DEDUCT).whole())
    return sorted(known, key=lambda one: (is_explained(one), one.pk))


def is_explained(finding: Finding) -> bool:
    """Whether the village has said why its declaration stands all the same."""
    return any(answer.kind == FindingAnswerKind.EXPLAINED for answer in finding.answers.all())
