from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand, add_month
from scoring.freezing import credit_late
from scoring.months.months import open_month
from scoring.parts.reads import is_archived
from scoring.parts.rules import sentence
from scoring.rollup.rollup import roll_up


class Command(OperatorCommand):
    help = "汇总一个月：只算有变动的村及其上级；--full 全部重算（已锁定的村不动）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        parser.add_argument("--full", action="store_true", help="全部重算")

    def act(self, options: Mapping[str, Any]) -> None:
        month = open_month(options["month"]).month
        report = roll_up(month, full=options["full"])
        credit_late(month)
        if is_archived(month):
            self.stderr.write(sentence(month))
        self.stdout.write(f"{month} 汇总完成：重算 {report.villages} 个村，写入 {report.households} 户。")
