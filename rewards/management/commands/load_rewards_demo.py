from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from households.refusals import Refused
from rewards.demo import story


class Command(BaseCommand):
    help = "在演示数据上补充积分超市、资金、奖励和项目（全部虚构）"

    def handle(self, *args: Any, **options: Any) -> None:
        if not story.unfinished():
            self.stdout.write("没有要补充的演示数据。")
            return
        try:
            story.load(paper=settings.LAYOUT.demo_accounts, say=self._say)
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            raise SystemExit(1) from refusal

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
