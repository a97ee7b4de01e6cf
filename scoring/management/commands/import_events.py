from typing import Any

from django.utils import timezone

from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand
from scoring.sheets.events_import import import_events


class Command(ImportCommand):
    help = "导入例外（household_code 或 division_code,date,clause_code,document_no,note），由县六零办登记并确认"

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_events(name=name, data=data, today=timezone.localdate(), dry_run=options["dry_run"], tell=tell)
