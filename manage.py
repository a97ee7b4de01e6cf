#!/usr/bin/env python
"""Django's commands, with the embedded servers of the data folder behind them."""

import contextlib
import os
import sys
from collections.abc import Callable

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError
from psycopg2.errors import DiskFull

from dongkou import servers
from dongkou.backup import restoring
from dongkou.layout import Layout, data_folder
from dongkou.serving import command as serving
from dongkou.upgrading import postgresql

NEED_NO_SERVERS = {"help", "version", "collectstatic", "diffsettings", "spectacular"}
NEED_NO_DATA = {"check", "doctor", "check_templates", "database_roles", "makemigrations"}
BY_THEMSELVES: dict[str, Callable[[list[str]], int]] = {
    "restore": restoring.main,  # reading settings would make keys in a folder that shall be empty
    "serve": serving.main,
    "upgrade_postgresql": postgresql.main,  # our servers do not start with files of another version
}
ROLES = {  # as whom commands meet the database that are not the application's (`migrate` sees to it by itself)
    **dict.fromkeys(
        ("verify", "verify_petitions", "clauses", "rankings", "department_rankings", "export_ledger", "backup_figures"),
        "reader",
    ),
    "bench": "owner",  # it makes databases
}


def main() -> int:
    """Run one command. Exit code 1 and one sentence when the set-up is at fault."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")
    need, command = servers.needed(), "".join(sys.argv[1:2])
    if command in BY_THEMSELVES:
        return BY_THEMSELVES[command](sys.argv[2:])
    os.environ.setdefault("DONGKOU_DATABASE_ROLE", ROLES.get(command, "application"))
    idle = len(sys.argv) < 2 or command in NEED_NO_SERVERS or "--help" in sys.argv
    try:
        if idle:
            execute_from_command_line(sys.argv)
            return 0
        with servers.using(Layout(data_folder()), need) if need.any() else contextlib.nullcontext():
            if command not in NEED_NO_DATA:
                refuse_unfit("owner" if command in ("migrate", "set_up") else None, with_broker=command == "set_up")
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


def refuse_unfit(role: str | None, *, with_broker: bool) -> None:
    """ImproperlyConfigured when the database, its schema or the keys do not go with this program, or the broker."""
    django.setup()
    from dongkou.acting import acting_as  # noqa: PLC0415 (all know models)
    from dongkou.brokers import refuse_unfit_broker  # noqa: PLC0415
    from dongkou.guards import refuse_unfit  # noqa: PLC0415

    with (
        acting_as(role) if role else contextlib.nullcontext()
    ):  # before the owner gave it rights the application has none
        refuse_unfit()
    if with_broker:  # other commands work without it
        refuse_unfit_broker()


if __name__ == "__main__":
    sys.exit(main())
