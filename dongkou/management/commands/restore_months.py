from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.acting import acting_as
from households.management.operating import OperatorCommand
from scoring.parts.actions import restore


class Command(OperatorCommand):
    help = "把 archive_months 存出去的月份取回：文件要和存的时候一字不差"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="存档的文件")

    def act(self, options: Mapping[str, Any]) -> None:
        with acting_as("owner"):
            for path in options["files"]:
                kept = restore(path.absolute())
                self.stdout.write(f"{kept.month} 取回了 {kept.households} 户。")
