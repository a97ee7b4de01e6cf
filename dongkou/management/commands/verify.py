from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand, month_argument
from petitions import verify as petitions
from scoring.checks.verify import Finding, examine


class Command(OperatorCommand):
    """The top floor's, because it asks both sides of the wall in turn; neither learns of the other."""

    help = "核对各项恒等关系：每项一行；有不符的，列出第一处并以 1 退出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", metavar="MONTH", type=month_argument, help="只核对一个月，默认所有月份")

    def act(self, options: Mapping[str, Any]) -> None:
        broken = False
        for finding in examine(options["month"]):
            self.stdout.write(sentence_of(finding))
            broken = broken or bool(finding.drifts)
        for other in petitions.examine():
            first = f"不符 {other.label}：{other.wrong[0]}" if other.wrong else f"正常 {other.label}"
            self.stdout.write(first)
            broken = broken or bool(other.wrong)
        if broken:
            raise SystemExit(1)


def sentence_of(finding: Finding) -> str:
    """正常 or 不符, the month, the rule, and the first row that breaks it."""
    what = f"{finding.month or '全部'} {finding.invariant.label}（{finding.invariant.name}）"
    if not finding.drifts:
        return f"正常 {what}"
    first = finding.drifts[0]
    return f"不符 {what}：{first.where} 应为 {first.expected}，实为 {first.found}"
