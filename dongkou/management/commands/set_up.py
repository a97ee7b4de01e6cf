"""``manage.py set_up``: bring a data folder up to date. ``script/run`` calls it before anything is served."""

import hashlib
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dongkou.acting import acting_as, not_separated, renew_grants
from dongkou.guards import Mismatch, note_keys
from dongkou.logs import compress_old, forget_old
from dongkou.management.commands import load_petitions_demo
from dongkou.statics import BUILDER, VendorFinder, written
from dongkou.training import database as training
from dongkou.training.villages import make_village
from dongkou.training.villages import villages as training_villages
from households.clock import doubts as clock
from households.models import Division
from households.opening.actions import first_addresses
from petitions.filing.actions.sealing import seal_older_titles
from petitions.search.indexing import index_petitions
from petitions.tallies import rows
from rewards.demo import story as rewards_story
from rewards.pictures.actions import seal_older_pictures
from scoring.demo import story


class Command(BaseCommand):
    """Migrations, static files and demo data, each only when there is something to do."""

    help = "准备数据文件夹：更新数据库结构、静态文件，空库时载入演示数据。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which demo data an empty database gets."""
        parser.add_argument("--demo", choices=("small", "county", "none"), default="none", help="空库时载入的演示数据")

    def handle(self, *_args: Any, demo: str, **_options: Any) -> None:
        """Three steps; each says what it does."""
        with acting_as("owner"):
            renew_grants()
        if migrations_waiting():
            self.say("更新数据库结构……")
            call_command("migrate", verbosity=0, interactive=False)
        without_training = training.prepare()  # while nothing stands in the county's, which is copied then
        try:
            note_keys()
        except Mismatch as trouble:
            raise CommandError(str(trouble)) from None
        if sentence := not_separated():
            self.say(sentence)
        if rows.uncounted():
            self.say("统计原有的信访件……")
            rows.recount()
        sealed = seal_older_titles() + seal_older_pictures()
        if sealed:
            self.say(f"加密了原有的信访标题和图片 {sealed} 份，重做检索词……")
            index_petitions()
        collect_statics(self.say)
        if not clock.state().why:
            forget_old(settings.LAYOUT.log)
        compress_old(settings.LAYOUT.log)
        if demo != "none" and (story.unfinished() or not Division.objects.exists()):
            self.say(f"载入演示数据（{demo}）……")
            call_command("load_demo", demo=demo)
        if demo != "none" and rewards_story.unfinished():
            self.say("补充演示数据：积分超市、奖励和项目……")
            call_command("load_rewards_demo")
        if demo != "none" and load_petitions_demo.unfinished():
            self.say("补充演示数据：三条直通车……")
            call_command("load_petitions_demo")
        self.show_training(demo, without_training)
        self.tell_first_addresses()

    def show_training(self, demo: str, trouble: str) -> None:
        """In a demo one township has its training village, unless there was trouble."""
        if trouble:
            self.say(trouble)
            return
        shown = Division.objects.filter(pk=story.HOME).first()
        if demo != "none" and shown and not training_villages([story.HOME]):
            self.say("补充演示数据：一个练习村……")
            make_village(township=shown, by=None)

    def tell_first_addresses(self) -> None:
        """In a system in which nobody is: by which addresses the first people come in."""
        found = list(first_addresses())
        if found:
            self.say(
                f"还没有人的岗位，请各由本人打开下面的地址设账号（{settings.ONE_TIME_HOURS} 小时内，只能用一次）："
            )
        for role, address in found:
            self.say(f"  {role.label}：{address}")

    def say(self, text: str) -> None:
        """A line, at once."""
        self.stdout.write(text)
        self.stdout.flush()


def migrations_waiting() -> bool:
    """Whether the database lacks a migration; quicker than running ``migrate`` for nothing."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_statics(say: Any) -> None:
    """Collect static files unless those of the last time came from the same sources."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    sources = fingerprint_of_sources()
    if stamp.exists() and stamp.read_text(encoding="ascii") == sources:
        return
    say("收集静态文件……")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(sources, encoding="ascii")


def fingerprint_of_sources() -> str:
    """Digest of names, sizes and times of everything that static files are made from."""
    digest = hashlib.sha256()
    for path in sorted(sources()):
        found = path.stat()
        digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    for folder in map(Path, settings.STATICFILES_DIRS):
        for place, _folders, names in os.walk(folder):
            yield from (Path(place) / name for name in names)
    yield from (settings.BASE_DIR / name for name in ("package-lock.json", "dongkou/statics.py", "requirements.txt"))
    yield from (BUILDER, *written())
    yield from (file for _name, file in VendorFinder().files() if file.is_file())
