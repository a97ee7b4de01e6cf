from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from households.models import AuditEvent
from households.refusals import Refused
from petitions.demo import story as petitions_story
from scoring.demo import story


class Command(BaseCommand):
    help = "在演示数据上补充三条直通车的信访件（全部虚构）"

    def handle(self, *args: Any, **options: Any) -> None:
        """Go on with the demo that was loaded; nothing in a database without one."""
        going_on = story.finished_load(settings.LAYOUT.demo_accounts, self._say)
        if going_on is None or not unfinished():
            self.stdout.write("没有要补充的演示数据。")
            return
        try:
            petitions_story.load(petitions_story.PetitionLoad(going_on.today, going_on.once, going_on.say))
        except Refused as refusal:
            self.stderr.write(refusal.sentence)
            raise SystemExit(1) from refusal

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def unfinished() -> bool:
    """Whether there is a demo whose petitions are missing, wholly or in part."""
    done = set(AuditEvent.objects.filter(action=story.STEP).values_list("subject", flat=True))
    return story.LAST in done and not set(petitions_story.STEPS) <= done
