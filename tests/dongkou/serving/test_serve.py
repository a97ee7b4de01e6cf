"""`manage.py serve` as real processes on hosts of their own: together they are the system, and each says what is missing."""

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from dongkou import signs
from dongkou.programs import valkey_in_wheel
from tests.dongkou.serving.hosts import Host, comes_up, end, health, host, kill, listening_on
from tests.processes import children_of, free_port, lapsed
from tests.waiting import until


@pytest.fixture
def quiet_broker() -> None:
    """No signs and messages of earlier tests."""
    signs.broker().flushdb()


@pytest.fixture
def one() -> Iterator[Host]:
    with host() as found:
        yield found


def test_three_hosts_are_one_system(transactional_db: None, quiet_broker: None) -> None:
    port = free_port()
    with host() as front, host() as back, host() as night:
        web = front.serve("web", "--listen", f"127.0.0.1:{port}", "--processes", "1")
        back.serve("worker", "--queues", "entry,points,notify,export", "--processes", "1", "--name", "back")
        rollup = night.serve("worker", "--queues", "rollup", "--processes", "1", "--name", "night")
        beat = night.serve("beat")
        for one in (front, back, night):
            comes_up(one, lambda: health(port)[0] == 200)
        assert {name.split("@")[0]: queues for name, queues in signs.workers().items()} == {
            "back": ["entry", "points", "notify", "export"],
            "night": ["rollup"],
        }
        assert listening_on(port) == {"0100007F"}
        runs_nothing_as_root(web, rollup, beat)
        kill(rollup)
        lapsed(signs.of_queue("rollup"))
        until(lambda: health(port)[1].get("queues") == "rollup", pause=0.3)
        assert health(port)[1]["failing"] == ["worker"]
        assert [end(process) for process in (beat, web)] == [0, 0]
        assert signs.broker().get(signs.BEAT) is None  # the next one need not wait


def runs_nothing_as_root(*running: "subprocess.Popen[bytes]") -> None:
    owner = settings.LAYOUT.postgresql.stat().st_uid
    family = [pid for process in running for pid in (process.pid, *children_of(process.pid))]
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in family} == {owner}


def test_one_that_cannot_reach_its_database_says_so(one: Host, db: None) -> None:
    one.named["DATABASE_URL"] = "postgresql://someone:a-password@127.0.0.1:1/d"
    for kind in ("web", "worker", "beat"):
        said = one.refused(kind)
        assert said.startswith("连不上数据库（") and "a-password" not in said


@pytest.mark.parametrize("url", ["redis://:a-password@127.0.0.1:1/0", "unix:///nonexistent/valkey.sock"])
def test_one_that_cannot_reach_its_broker_says_so(one: Host, db: None, url: str) -> None:
    one.named["REDIS_URL"] = url
    said = one.refused("worker")
    assert said.startswith("连不上消息服务（") and "REDIS_URL" in said and "a-password" not in said


def test_rabbitmq_that_is_away_is_one_sentence(one: Host, db: None) -> None:
    one.named["AMQP_URL"] = "amqp://guest:a-password@127.0.0.1:1//"
    said = one.refused("beat")
    assert said.startswith("连不上消息服务（") and "AMQP_URL" in said and "a-password" not in said


def test_another_kind_of_server_in_the_brokers_place_is_one_sentence(one: Host, db: None) -> None:
    with chatterbox() as port:
        one.named |= {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        assert "REDIS_URL" in one.refused("worker")
        one.named |= {"REDIS_URL": settings.SIGNS_URL, "AMQP_URL": f"amqp://127.0.0.1:{port}//"}
        assert "AMQP_URL" in one.refused("worker")


@contextlib.contextmanager
def chatterbox() -> Iterator[int]:
    """A server that says the same to everybody and hangs up, as a web server in another's place does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def chat() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = server.accept()
                    with line:
                        line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=chat, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_redis_cluster_is_refused(one: Host, db: None) -> None:
    port = free_port()
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--cluster-enabled",
        "yes",
        "--cluster-port",  # else the port and 10,000, which may be beyond 65,535
        str(free_port()),
        "--save",
        "",
        "--protected-mode",
        "no",
    ]
    cluster = subprocess.Popen([str(valkey_in_wheel()), *options, "--dir", str(one.folder)], stdout=subprocess.DEVNULL)
    try:
        until(lambda: listening_on(port))
        one.named["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        assert "不能用 Redis Cluster" in one.refused("worker")
    finally:
        cluster.kill()
        cluster.wait()


def test_schema_that_waits_for_its_migrations_is_refused(one: Host, transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'dongkou' AND name = '0001_key_prints' RETURNING applied"
        )
        try:
            assert "manage.py set_up" in one.refused("web", "--listen", str(free_port()))
        finally:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('dongkou', '0001_key_prints', now())"
            )


def test_port_in_use_and_foreign_address_are_one_sentence(one: Host, db: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert one.refused("web", "--listen", str(port)) == f"端口 {port} 已被占用，请用 --port 换一个端口。\n"
    assert "本机没有 192.0.2.1 这个地址" in one.refused("web", "--listen", "192.0.2.1:8000")


def test_embedded_servers_are_held_by_what_serve_becomes(ready_layout: object) -> None:
    """Of one data folder without addresses: they run as long as it does, and go after it."""
    from dongkou.servers import keeper_pid

    port = free_port()
    with host() as one:
        given = {key: value for key, value in os.environ.items() if not key.startswith(("DONGKOU_", "DJANGO_"))}
        one.environment = lambda: given | {"DONGKOU_DATA": str(ready_layout.data)}
        web = one.serve("web", "--listen", str(port))
        comes_up(one, lambda: health(port)[0] == 503 and health(port)[1]["failing"] == ["worker", "beat"])
        assert keeper_pid(ready_layout)
        kill(web)
        until(lambda: keeper_pid(ready_layout) is None)
