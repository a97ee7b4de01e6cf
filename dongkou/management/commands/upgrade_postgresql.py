"""Only so that `manage.py help` lists it: ``manage.py`` hands the words to `dongkou.upgrading.postgresql` itself."""

from typing import Any

from django.core.management.base import BaseCommand

from dongkou.upgrading.postgresql import main


class Command(BaseCommand):
    help = "把数据文件夹里的数据库升到本程序的 PostgreSQL 版本：manage.py upgrade_postgresql 旧版的bin文件夹"

    def run_from_argv(self, argv: list[str]) -> Any:
        raise SystemExit(main(argv[2:]))
