from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from households.clock.actions import ask
from households.management.operating import OperatorCommand
from petitions.erasing.actions import erase_expired


class Command(OperatorCommand):
    help = "清除保存期已满的信访内容和附件，只留编号、日期、状态和数字；每晚自动进行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出编号，不清除")

    def act(self, options: Mapping[str, Any]) -> None:
        dry_run = bool(options["dry_run"])
        if not dry_run:
            ask()
        for extent, numbers in erase_expired(dry_run=dry_run).items():
            self.stdout.write(f"{extent.label}：{'待清除' if dry_run else '已清除'} {len(numbers)} 件")
            for number in numbers:
                self.stdout.write(f"  {number}")
