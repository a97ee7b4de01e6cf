from typing import Any

from households.imports.problems import ImportReport, Tell
from scoring.management.registers import RegisterCommand
from scoring.rollup.registers import import_households


class Command(RegisterCommand):
    help = "导入户（division_code,group,household_no,head_name,phone,address）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_households(name=name, data=data, tell=tell, **self.given(options))
