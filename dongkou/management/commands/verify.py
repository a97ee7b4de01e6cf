from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from households.house import trail
from households.house.checks import examine
from households.management.operating import OperatorCommand, month_argument
from scoring.ledger import kept


class Command(OperatorCommand):
    """The top floor's, because every room is asked in turn; neither side of the wall learns of the other."""

    help = "核对各项恒等关系：每项一行；有不符的，列出第一处并以 1 退出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", metavar="MONTH", type=month_argument, help="只核对一个月，默认所有月份")
        parser.add_argument(
            "--roots",
            nargs="+",
            default=[],
            metavar="FILE",
            type=_kept_list,
            help="保存在外面的积分日榜（JSON），一并核对",
        )

        parser.add_argument("--all", action="store_true", help="审计记录从头逐条核对，不从上次核对无误处接着核对")

    def act(self, options: Mapping[str, Any]) -> None:
        broken = False
        anew = trail.from_the_beginning() if options["all"] else ()
        for checked in chain(examine(options["month"]), anew, kept.checked(options["roots"])):
            self.stdout.write(checked.sentence)
            broken = broken or not checked.holds
        if broken:
            raise SystemExit(1)


def _kept_list(path: str) -> dict[str, Any]:
    try:
        return kept.read(Path(path))
    except kept.KeptUnreadable as trouble:
        raise ArgumentTypeError(str(trouble)) from trouble
