from typing import Any

from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand
from petitions.filing.lists import import_petitions


class Command(ImportCommand):
    help = "导入热线、红网、信箱件（way,external_no,received,division_code,title,text,name,phone,demand,link）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_petitions(name=name, data=data, dry_run=options["dry_run"], tell=tell)
