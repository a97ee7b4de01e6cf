from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.backup import actions
from households.management.operating import OperatorCommand


class Command(OperatorCommand):
    help = "恢复演练：把最新的备份恢复到旁边，核对、比对，打印 RPO 和 RTO，存下演练记录（PDF）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="备份文件夹，默认 DONGKOU_BACKUP")

    def act(self, options: Mapping[str, Any]) -> None:
        outcome = actions.rehearse(options["folder"].absolute() if options["folder"] else None)
        rpo = "没有可比的改动" if outcome.rpo is None else f"{outcome.rpo} 秒"
        self.stdout.write(
            f"备份 {outcome.restored.copy.name}：RPO {rpo}，RTO {outcome.rto} 秒，核对 {outcome.checked} 项。"
        )
        for sentence in outcome.drifts:
            self.stdout.write(sentence)
        self.stdout.write("与备份前一致。" if not outcome.drifts else f"有 {len(outcome.drifts)} 处不符。")
        if outcome.drifts:
            raise SystemExit(1)
