from typing import Any

from households.imports.problems import ImportReport, Tell
from scoring.management.registers import RegisterCommand
from scoring.rollup.registers import import_divisions


class Command(RegisterCommand):
    help = "导入区划（code,name，12 位统计用代码或有效代码）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_divisions(name=name, data=data, tell=tell, **self.given(options))
