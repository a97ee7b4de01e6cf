from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from households.clock.actions import ask
from households.management.operating import OperatorCommand, add_month
from households.months import spoken
from households.refusals import Refused
from scoring.freezing import FORCED, earliest_day, freeze
from scoring.models import Sheet
from scoring.months.months import scheme_of
from scoring.states import SheetState


class Command(OperatorCommand):
    help = "锁定一个月中公示期满、提异议的日子也过了、没有异议在办的村；--force 不等日历，锁定所有已申报的村"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)
        parser.add_argument("--force", action="store_true", help="不等日历")

    def act(self, options: Mapping[str, Any]) -> None:
        month = options["month"]
        scheme_of(month)
        if not options["force"]:
            ask()
        done = freeze(month=month, on=timezone.localdate(), force=options["force"])
        if not done.villages and not done.snapshots:
            check_why_nothing(month, force=options["force"])
        self.stdout.write(
            f"{month} 锁定了 {done.villages} 个村，记入 {done.entries} 笔积分，存档 {done.snapshots} 份排名。"
        )


def check_why_nothing(month: str, *, force: bool) -> None:
    """Refuse a freezing that froze nothing, saying what it waits for, unless everything declared is frozen already."""
    held = Counter(Sheet.objects.filter(period=month).values_list("state", flat=True))
    waiting = [f"{held[state]} 个村{state.label}" for state in FORCED if held[state]]
    if not waiting and held[SheetState.FROZEN]:
        return
    if not waiting or force:
        raise Refused("nothing_declared", f"{month} 没有已申报的村，没有可锁定的。", hint="请先申报。")
    day = spoken(earliest_day(month, on=timezone.localdate()))
    raise Refused(
        "nothing_due",
        f"{month} 没有到期的村（{'、'.join(waiting)}）：公示期满、提异议的日子也过了、异议都办完了才能锁定，最早是{day}。",
        hint="县六零办可以用 --force 不等日历。",
    )
