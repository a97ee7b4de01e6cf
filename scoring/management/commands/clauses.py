from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.files.exports import csv_text
from households.management.operating import OperatorCommand, add_format, add_month
from scoring.models import Clause
from scoring.months.months import scheme_of

COLUMNS = (
    *("code", "indicator", "share", "kind", "points", "subject"),
    *("document_required", "second_person", "recorder"),
)


class Command(OperatorCommand):
    help = "一个月适用的考核细则：每个条款一行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        add_format(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        clauses = Clause.objects.filter(scheme=scheme_of(options["month"])).select_related("indicator")
        rows = [_row(clause) for clause in clauses]
        plain = [
            {key: str(value).lower() if isinstance(value, bool) else value for key, value in r.items()} for r in rows
        ]
        self.print_rows(COLUMNS, rows, text=csv_text(COLUMNS, plain), form=options["format"])


def _row(clause: Clause) -> dict[str, Any]:
    own = {key: getattr(clause, key) for key in COLUMNS if key not in ("indicator", "share")}
    return own | {"indicator": clause.indicator.code, "share": clause.indicator.share}
