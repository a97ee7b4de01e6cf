from argparse import ArgumentParser
from typing import Any

from households.borders.importing import import_borders
from households.imports.problems import ImportReport, Tell
from households.management.importing import ImportCommand, day_argument
from households.models import BorderReason


class Command(ImportCommand):
    help = "按对照表调整区划（old_code,new_code,new_name）：更名、合村、分村、组划到别的村、部分户划到别的组"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--day", type=day_argument, required=True, metavar="YYYY-MM-DD", help="生效日期")
        parser.add_argument("--reason", choices=BorderReason.values, default=BorderReason.ORDERED, help="原因")
        parser.add_argument("--document", default="", metavar="NO", help="批复、文件的文号")
        parser.add_argument("--release", action="store_true", help="换编号的户没领的预订一并取消")

    def act(self, *, name: str, data: bytes, options: dict[str, Any], tell: Tell) -> ImportReport:
        return import_borders(
            name=name,
            data=data,
            day=options["day"],
            reason=options["reason"],
            document_no=options["document"],
            release=options["release"],
            dry_run=options["dry_run"],
            tell=tell,
        )
