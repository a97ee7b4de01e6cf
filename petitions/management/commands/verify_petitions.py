from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from petitions.house.checks import examine


class Command(OperatorCommand):
    help = "核对信访件：每项一行；有不符的逐件列出并以 1 退出"

    def act(self, options: Mapping[str, Any]) -> None:
        broken = False
        for finding in examine():
            broken = broken or bool(finding.wrong)
            lines = [f"不符 {wrong}" for wrong in finding.wrong] or [f"正常 {finding.label}"]
            self.stdout.write("\n".join(lines))
        if broken:
            raise SystemExit(1)
