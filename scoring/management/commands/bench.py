from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.management.operating import OperatorCommand
from scoring.bench.results import table
from scoring.bench.run import bench, sized


class Command(OperatorCommand):
    help = "性能对照：同一次运行中与手写 SQL 比较（在自己的数据库里做，做完即删）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--households", type=int, metavar="N", help="一个县的户数，默认 231868")
        parser.add_argument("--quick", action="store_true", help="小规模走一遍")

    def act(self, options: Mapping[str, Any]) -> None:
        results = bench(sized(options["households"], quick=options["quick"]), self.tell)
        self.stdout.write(table(results))

    def tell(self, doing: str) -> None:
        """What is being measured, for whoever is watching."""
        self.stderr.write(doing)
