from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand
from scoring.sheets.events_import import import_events


class Command(ImportCommand):
    help = "导入例外（household_code 或 division_code,date,clause_code,document_no,note），由县六零办登记并确认"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--again", action="store_true", help="同一户、同一天、同一条款、同一文书号的确实又发生了一次，照样登记"
        )

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        given = {"dry_run": options["dry_run"], "again": options["again"]}
        return import_events(name=name, data=data, today=timezone.localdate(), tell=tell, **given)
