from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from households.refusals import Refused
from scoring.demo import story


class Command(BaseCommand):
    help = "向空库载入演示数据（真实区划，其余全部虚构）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", choices=("small", "county", "none"), default="small", help="约 9 千户，或全县 23 万户"
        )
        parser.add_argument("--seed", type=int, default=story.SEED, help="同一个种子得到同样的数据")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] == "none":
            self.stdout.write("没有要求载入演示数据。")
            return
        paper = settings.LAYOUT.demo_accounts
        try:
            story.load(
                kind=options["demo"], seed=options["seed"], today=timezone.localdate(), paper=paper, say=self._say
            )
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            raise SystemExit(1) from refusal
        self.stdout.write(f"演示数据已载入，账号和户牌写在 {paper}。")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
