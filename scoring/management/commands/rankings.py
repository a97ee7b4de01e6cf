from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.codes import Level
from households.management.operating import OperatorCommand, add_format, add_month, place_argument
from scoring.months.months import scheme_of
from scoring.rankings.columns import COLUMNS, as_dicts, to_csv
from scoring.rankings.rankings import LEVELS, ranking


class Command(OperatorCommand):
    help = "一个月某一级的排名"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        parser.add_argument("level", metavar="LEVEL", choices=[str(level) for level in LEVELS], help="、".join(LEVELS))
        parser.add_argument("--within", metavar="CODE", type=place_argument, help="只在这个区划内排名")
        add_format(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        scheme_of(options["month"])
        lines = ranking(options["month"], Level(options["level"]), within=options["within"] or "")
        self.print_rows(list(COLUMNS), as_dicts(lines), text=to_csv(lines), form=options["format"])
