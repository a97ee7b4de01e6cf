"""What the operator's commands have in common: exit 0 done, 1 refused with the reason, 2 wrong arguments."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand

from households.codes import CodeError, Level, level_of, parse
from households.months import MonthError, parse_month
from households.refusals import Refused

FORMATS = ("csv", "json")


class OperatorCommand(BaseCommand):
    """Calls an action. What it prints on stdout is the answer and nothing else."""

    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.act(options)
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            raise SystemExit(1) from refusal

    def act(self, options: Mapping[str, Any]) -> None:
        """Do it; raises Refused."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def print_rows(self, keys: Sequence[str], rows: Sequence[Mapping[str, Any]], *, text: str, form: str) -> None:
        """Print `text` (the rows as CSV) or the rows as a JSON list with exactly `keys`."""
        if form == "csv":
            self.stdout.write(text, ending="")
        else:
            wanted = [{key: row[key] for key in keys} for row in rows]
            self.stdout.write(json.dumps(wanted, ensure_ascii=False, indent=1))


def add_month(parser: ArgumentParser) -> None:
    parser.add_argument("month", metavar="MONTH", type=month_argument, help="月份，如 2026-10")


def add_format(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="csv", help="输出格式，默认 csv")


def month_argument(text: str) -> str:
    """A month of the command line."""
    try:
        return parse_month(text)
    except MonthError as trouble:
        raise ArgumentTypeError(str(trouble)) from trouble


def place_argument(text: str) -> str:
    """A division of the command line, in significant or 12-digit form."""
    try:
        code = parse(text)
    except CodeError as trouble:
        raise ArgumentTypeError(str(trouble)) from trouble
    if level_of(code) is Level.HOUSEHOLD:
        raise ArgumentTypeError(f"{text} 是户编号，这里要区划代码")
    return code
