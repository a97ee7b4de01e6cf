#!/usr/bin/env python
"""Django's commands, with the embedded servers of the data folder behind them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError
from psycopg2.errors import DiskFull

from dongkou import servers
from dongkou.layout import Layout, data_folder

NEED_NO_SERVERS = {"help", "version", "collectstatic", "diffsettings", "spectacular"}


def main() -> int:
    """Run one command. Exit code 1 and one sentence when the set-up is at fault."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")
    need = servers.needed()
    idle = len(sys.argv) < 2 or sys.argv[1] in NEED_NO_SERVERS or "--help" in sys.argv or not need.any()
    try:
        if idle:
            execute_from_command_line(sys.argv)
            return 0
        with servers.using(Layout(data_folder()), need):
            execute_from_command_line(sys.argv)
    except (servers.ServerTrouble, ImproperlyConfigured) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except OperationalError as trouble:
        if not isinstance(trouble.__cause__, DiskFull):
            raise
        print("磁盘已满，没有做完，请先腾出空间再重试。", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
