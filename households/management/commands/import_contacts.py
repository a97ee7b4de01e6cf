from typing import Any

from households.contacts.importing import import_contacts
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand


class Command(ImportCommand):
    help = "导入联系人（household_code,kind,person,phone,from_date,to_date,micro_grid,account，或中文列名）"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_contacts(name=name, data=data, dry_run=options["dry_run"], tell=tell)
