"""Only so that `manage.py help` lists it: ``manage.py`` hands the words to `dongkou.serving.command`, which becomes the server."""

from typing import Any

from django.core.management.base import BaseCommand

from dongkou.serving.command import main


class Command(BaseCommand):
    help = "在本机启动网站、工作进程或定时器中的一个：manage.py serve web|worker|beat"

    def run_from_argv(self, argv: list[str]) -> Any:
        raise SystemExit(main(argv[2:]))
