from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.acting import acting_as
from households.clock.actions import ask
from households.management.operating import OperatorCommand, month_argument
from households.months import Month
from households.refusals import Refused
from scoring.parts.actions import archive, check_settled, months_before


class Command(OperatorCommand):
    help = "把 BEFORE 以前各月的户得分存成文件、读回核对，再从库里取出；区划的得分和名次不动"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("before", metavar="BEFORE", type=month_argument, help="存这个月以前的，如 2025-01")
        parser.add_argument("folder", metavar="DIR", type=Path, help="存到这个文件夹（含户编号，不得公开）")
        parser.add_argument("--dry-run", action="store_true", help="只说会存哪些月份，不存")

    def act(self, options: Mapping[str, Any]) -> None:
        months = months_before(options["before"])
        if not months:
            self.stdout.write(f"{options['before']} 以前没有可存的户得分。")
        left = 0
        with acting_as("owner"):
            if not options["dry_run"]:
                ask()
            for month in months:
                try:
                    self._archive(month, options["folder"].absolute(), rehearse=options["dry_run"])
                except Refused as refusal:
                    left += 1
                    self.stderr.write(refusal.sentence)
        if left:
            raise SystemExit(1)

    def _archive(self, month: Month, folder: Path, *, rehearse: bool) -> None:
        if rehearse:
            self.stdout.write(f"{month} 会存 {check_settled(month)} 户")
            return
        kept = archive(month=month, folder=folder)
        self.stdout.write(f"{month} 存了 {kept.households} 户：{folder / kept.file}，SHA-256 {kept.digest}")
