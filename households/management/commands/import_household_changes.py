from typing import Any

from households.changes.importing import import_changes
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand


class Command(ImportCommand):
    help = "按文件办一批户籍变更（kind,household_code,day,reason,other_code,group_code,household_no,head_name,phone,address,note）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_changes(name=name, data=data, dry_run=options["dry_run"], tell=tell)
