from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from households.clock import doubts
from households.clock.actions import HINT, go_on
from households.management.operating import OperatorCommand


class Command(OperatorCommand):
    help = (
        "系统时间是否可信：不可信时，不能撤回的事（清零、清除、锁定、公布）都停着等您确认；--go-on 确认时间正确，继续"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--go-on", action="store_true", help="时间是对的，继续办理停着的事")

    def act(self, options: Mapping[str, Any]) -> None:
        found = doubts.state()
        self.stdout.write(found.why or "系统时间正常。")
        for sentence in doubts.held_back(timezone.localdate(found.now)):
            self.stdout.write(f"  接下来会办：{sentence}")
        if options["go_on"]:
            go_on()
            self.stdout.write("已确认，停着的事会在十分钟内继续。")
        elif found.why:
            self.stderr.write(HINT)
            raise SystemExit(1)
