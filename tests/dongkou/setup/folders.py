"""Data folders for tests that start servers, and looking at what runs in them."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import redis

from dongkou.database_roles import ADMINISTRATOR
from dongkou.embedded import standing_in, valkey_password
from dongkou.layout import Layout
from dongkou.servers import WantedServers, keeper_pid

BOTH = WantedServers(postgresql=True, valkey=True)


@contextlib.contextmanager
def data_folder() -> Iterator[Layout]:
    """A data folder that the servers' user can reach; whatever still runs in it at the end is killed."""
    data = Path(tempfile.mkdtemp(prefix="dk-"))
    data.chmod(0o711)
    layout = Layout(data)
    try:
        yield layout
    finally:
        clear(layout)


def clear(layout: Layout) -> None:
    """Kill and remove."""
    for pid in filter(None, [keeper_pid(layout) if layout.home.exists() else None, *server_pids(layout)]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for folder in {layout.home, layout.sockets, layout.data}:
        shutil.rmtree(folder, ignore_errors=True)


def server_pids(layout: Layout) -> list[int]:
    """Processes of PostgreSQL and Valkey that work in the folder."""
    return [*postgres_pids(layout), *standing_in(layout.valkey)]


def postgres_pids(layout: Layout) -> list[int]:
    return list(standing_in(layout.postgresql))


def postmaster(layout: Layout) -> int:
    """Process id of PostgreSQL's first process."""
    return int((layout.postgresql / "postmaster.pid").read_text().split()[0])


def ask(layout: Layout, sql: str) -> list:
    """One statement on the embedded database, committed; the first row or an empty list."""
    connection = psycopg2.connect(host=str(layout.sockets), dbname="dongkou", user=ADMINISTRATOR)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchone()) if cursor.description else []


def answers(layout: Layout) -> bool:
    """Whether both servers serve requests."""
    try:
        return ask(layout, "SELECT 1") == [1] and valkey(layout).ping()
    except (psycopg2.Error, redis.RedisError):
        return False


def valkey(layout: Layout) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(layout.valkey_socket), password=valkey_password(layout), socket_timeout=3)
