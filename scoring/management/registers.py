"""What the commands that import the register have in common: from when what is new counts."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from households.management.importing import ImportCommand, add_accept_changes, day_argument


class RegisterCommand(ImportCommand):
    """New rows count from this month, once the county has begun its months, unless the operator says otherwise."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        begins = parser.add_mutually_exclusive_group()
        begins.add_argument(
            "--valid-from",
            type=day_argument,
            metavar="DATE",
            help="新增的从哪一天起在册，例如 2026-10-01；不写：本县已有月份的，从本月 1 日起",
        )
        begins.add_argument("--since-ever", action="store_true", help="新增的一直在册（以前的月份也算）")

        add_accept_changes(parser)

    def given(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the operator said, as the imports take it."""
        said = {name: options[name] for name in ("dry_run", "valid_from", "since_ever", "accept_changes")}
        return {"today": timezone.localdate(), **said}
