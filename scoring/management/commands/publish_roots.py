from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from typing import Any

from households.clock.actions import ask
from households.management.operating import OperatorCommand
from scoring.ledger.publishing import publish_roots


class Command(OperatorCommand):
    help = "公布积分日榜：各条积分链到今天为止的行数和根指纹；公布过的日子不再改动"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", metavar="YYYY-MM-DD", type=day_argument, help="哪一天的，默认今天")

    def act(self, options: Mapping[str, Any]) -> None:
        ask()
        done = publish_roots(day=options["day"])
        for daily in done.days:
            self.stdout.write(
                f"{daily.county} {daily.day} 公布 {len(daily.lines)} 条链、{daily.entries} 行：{daily.root}"
            )
        if not done.days:
            self.stdout.write("没有要公布的：这一天已经公布过，或者还没有积分。")
        for chain in done.broken:
            self.stderr.write(f"链 {chain} 的行和指纹对不上，没有公布它的新根，请马上用 script/verify_ledger 核对。")
        if done.broken:
            raise SystemExit(1)


def day_argument(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"“{text}”不是日期，应写成 2026-10-03") from fault
