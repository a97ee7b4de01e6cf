from typing import Any

from households.imports.departments import import_departments
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand


class Command(ImportCommand):
    help = "导入县直部门（code,name）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_departments(name=name, data=data, dry_run=options["dry_run"], tell=tell)
