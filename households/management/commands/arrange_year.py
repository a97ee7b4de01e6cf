import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from households.management.operating import OperatorCommand
from households.refusals import Refused
from households.workdays import actions


class Command(OperatorCommand):
    help = "录入国务院办公厅关于一年节假日安排的通知；先用 --dry-run 看哪些到期日会变"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", metavar="YEAR", type=int, help="年份，如 2027")
        parser.add_argument("file", metavar="FILE", help="通知里放假安排几段的文本文件（UTF-8），- 为标准输入")
        parser.add_argument("--number", default="", help="通知的文号，如 国办发明电〔2026〕7号")
        parser.add_argument("--dry-run", action="store_true", help="只看，不写")

    def act(self, options: Mapping[str, Any]) -> None:
        year, text = options["year"], _read(options["file"])
        found = actions.preview(year=year, text=text)
        for move in found.moved:
            self.stdout.write(f"{move.what}：{move.before} -> {move.after}")
        if options["dry_run"]:
            self.stdout.write(f"{year} 年会变 {len(found.moved)} 个到期日。没有写入。")
            return
        done = actions.arrange(op_id=uuid4(), year=year, number=options["number"], text=text, by=None)
        self.stdout.write(f"{done.year} 年的放假安排已生效，重新算过 {done.moved} 个到期日。")


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Refused("unreadable", f"读不了文件 {name}。", hint="请给 UTF-8 的文本文件。") from trouble
