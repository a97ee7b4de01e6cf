from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand, add_month, place_argument
from scoring.sheets.actions.declaring import declare_villages


class Command(OperatorCommand):
    help = "替村申报：没有点名时，申报所有有户且还没有申报的村"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        parser.add_argument(
            "--village", metavar="CODE", action="extend", nargs="+", type=place_argument, help="村代码，可写多个"
        )

    def act(self, options: Mapping[str, Any]) -> None:
        signed = declare_villages(month=options["month"], villages=options["village"], by=None)
        households = sum(len(declaration.households) for declaration in signed)
        self.stdout.write(f"{options['month']} 申报了 {len(signed)} 个村，共 {households} 户。")
