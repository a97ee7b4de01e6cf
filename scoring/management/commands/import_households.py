from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand, day_argument
from scoring.rollup.registers import import_households


class Command(ImportCommand):
    help = "导入户（division_code,group,household_no,head_name,phone,address）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--valid-from",
            type=day_argument,
            metavar="DATE",
            help="新户从哪一天起在册，例如 2026-10-01；不写表示从本月 1 日起",
        )
        parser.add_argument("--since-ever", action="store_true", help="新户一直在册（第一次导入全县名册时用）")

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_households(
            name=name,
            data=data,
            today=timezone.localdate(),
            dry_run=options["dry_run"],
            valid_from=None if options["since_ever"] else options["valid_from"] or timezone.localdate().replace(day=1),
            tell=tell,
        )
