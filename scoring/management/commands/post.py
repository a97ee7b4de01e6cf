from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from households.management.operating import OperatorCommand, add_month
from households.months import spoken
from households.refusals import Refused
from scoring.freezing import post
from scoring.months.months import calendar_of


class Command(OperatorCommand):
    help = "公示一个月中已审核的村（到了公示日才可以）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_month(parser)

    def act(self, options: Mapping[str, Any]) -> None:
        month, today = options["month"], timezone.localdate()
        begins = calendar_of(month).post_from
        if today < begins:
            raise Refused("not_yet", f"{month} 要到{spoken(begins)}才公示。")
        self.stdout.write(f"{month} 公示了 {post(month=month, on=today)} 个村。")
