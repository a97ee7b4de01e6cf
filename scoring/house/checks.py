"""The invariants of scores and points, and those that rooms above registered, as lines of ``manage.py verify``."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.months import Month
from scoring.checks.points import WITHHELD
from scoring.checks.verify import CheckFinding, examine
from scoring.models import Withholding
from scoring.states import WithholdingState


def checked(month: Month | None) -> Iterator[Checked]:
    """One line an invariant and month."""
    for finding in examine(month):
        yield Checked(sentence_of(finding), holds=not finding.drifts)


def _withheld() -> str:
    """How many texts were taken out by law: named as such, not as tampering."""
    count = Withholding.objects.filter(state=WithholdingState.GRANTED).count()
    return f"，共 {count} 处" if count else ""


def sentence_of(finding: CheckFinding) -> str:
    """正常 or 不符, the month, the rule, and the first row that breaks it."""
    what = f"{finding.month or '全部'} {finding.invariant.label}（{finding.invariant.name}）"
    if not finding.drifts:
        return f"正常 {what}{_withheld() if finding.invariant.name == WITHHELD else ''}"
    first = finding.drifts[0]
    return f"不符 {what}：{first.where} 应为 {first.expected}，实为 {first.found}"
