from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from households.management.operating import OperatorCommand
from households.refusals import Refused
from scoring.ledger.export import write_export


class Command(OperatorCommand):
    help = "把积分账导出成文件，供审计、监督用 script/verify_ledger 核对（含户编号，不得公开）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="导出到这个文件（每行一个 JSON）")
        parser.add_argument("--chain", metavar="CODE", default="", help="只导出一条链，例如一个村的 12 位代码")

    def act(self, options: Mapping[str, Any]) -> None:
        target: Path = options["file"]
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                done = write_export(file, only=options["chain"])
            unfinished.replace(target)
        except OSError as trouble:
            raise Refused("not_written", f"写不了 {target}：{trouble.strerror}。") from trouble
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"导出了 {done.chains} 条链、{done.entries} 行。")
