from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.files.exports import csv_text
from households.management.operating import OperatorCommand, add_format, add_month
from scoring.months.months import scheme_of
from scoring.rankings.columns import as_dicts
from scoring.rankings.rankings import department_ranking

COLUMNS = ("code", "name", "households", "total", "result", "rank")


class Command(OperatorCommand):
    help = "一个月县直部门的排名（户数、总分按联村权重合计）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        add_format(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        scheme_of(options["month"])
        rows = as_dicts(department_ranking(options["month"]))
        self.print_rows(COLUMNS, rows, text=csv_text(COLUMNS, rows), form=options["format"])
