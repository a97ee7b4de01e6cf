from typing import Any

from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand
from scoring.rollup.registers import import_linkages


class Command(ImportCommand):
    help = "导入联村关系（department_code,division_code,weight,from_month,to_month）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_linkages(name=name, data=data, dry_run=options["dry_run"], tell=tell)
