from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dongkou.backup import actions
from households.management.operating import OperatorCommand


class Command(OperatorCommand):
    help = "备份整个数据库到 DIR：隔一周做全量，平时只备份改动的部分；系统照常使用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="备份文件夹，默认 DONGKOU_BACKUP")
        parser.add_argument("--full", action="store_true", help="这一次做全量")

    def act(self, options: Mapping[str, Any]) -> None:
        folder = options["folder"].absolute() if options["folder"] else None
        told = actions.back_up(folder, full=options["full"])
        kind = "全量" if told["full"] else "改动部分"
        self.stdout.write(
            f"备份完成（{kind}）：{told['megabytes']} MB，{told['seconds']} 秒，共有 {told['copies']} 份。"
        )
