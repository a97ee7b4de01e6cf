"""Only so that `manage.py help` lists it: ``manage.py`` hands the words to `dongkou.backup.restoring` before settings are read."""

from typing import Any

from django.core.management.base import BaseCommand

from dongkou.backup.restoring import main


class Command(BaseCommand):
    help = "从备份恢复到一个空的数据文件夹：manage.py restore DIR --data 空文件夹"

    def run_from_argv(self, argv: list[str]) -> Any:
        raise SystemExit(main(argv[2:]))
