"""GET /healthz says which part is dead, and says it soon."""

import socket
import time
from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.utils import timezone

from dongkou import signs
from dongkou.health import FULL
from households.models import KeptMoment

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(settings):
    """Worker and beat have left their signs."""
    broker = signs.broker()
    for name in settings.CELERY_QUEUES:
        signs.leave(signs.of_queue(name))
    signs.leave(signs.BEAT)
    yield
    broker.delete(*map(signs.of_queue, settings.CELERY_QUEUES), signs.BEAT)


@pytest.fixture
def broker_at(monkeypatch):
    """Make the health check look for its broker at another socket."""

    def look_at(path: str) -> None:
        client = redis.Redis(unix_socket_path=path, socket_timeout=signs.ANSWER_SECONDS)
        monkeypatch.setattr(signs, "broker", lambda: client)

    return look_at


@pytest.fixture
def database_at(settings, monkeypatch):
    """Make the health check look for its database in another folder of sockets."""
    from django.db import connection

    return lambda path: monkeypatch.setitem(connection.settings_dict, "HOST", str(path))


@pytest.fixture
def deaf(tmp_path_factory):
    """A socket that takes connections and never answers, as a frozen server does."""
    path = tmp_path_factory.mktemp("s") / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(5)
        yield path


def test_all_alive_is_200(client, alive):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"}


@pytest.mark.parametrize(("key", "part"), [(signs.of_queue("rollup"), "worker"), (signs.BEAT, "beat")])
def test_a_missing_sign_names_its_part_alone(client, alive, key, part):
    signs.broker().delete(key)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["failing"] == [part]


def test_signs_vanish_by_themselves(alive):
    assert 0 < signs.broker().ttl(signs.of_queue("points")) <= signs.LAST_SECONDS
    assert 0 < signs.broker().ttl(signs.BEAT) <= signs.LAST_SECONDS


def test_a_broker_that_is_gone_is_named_and_nothing_else_is_guessed(client, alive, broker_at):
    broker_at("/nonexistent/valkey.sock")
    answer = client.get("/healthz").json()
    assert answer["failing"] == ["broker"]
    assert (answer["worker"], answer["beat"]) == ("unknown", "unknown")


def test_a_database_that_is_gone_is_named(client, alive, database_at):
    database_at("/nonexistent")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["failing"] == ["database"]


def test_a_frozen_broker_is_named_in_time(client, alive, broker_at, deaf):
    broker_at(str(deaf))
    begun = time.monotonic()
    assert client.get("/healthz").json()["failing"] == ["broker"]
    assert time.monotonic() - begun < 2.5


def test_a_frozen_database_is_named_in_time(client, alive, database_at, deaf):
    database_at(deaf.parent)
    begun = time.monotonic()
    assert client.get("/healthz").json()["failing"] == ["database"]
    assert time.monotonic() - begun < 2.5


def test_it_needs_no_sign_in_and_sets_no_cookie(client, alive):
    answer = client.get("/healthz")
    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]


def test_it_changes_nothing(client, alive):
    before, answer = client.get("/healthz").json(), client.post("/healthz")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert client.get("/healthz").json() == before


@pytest.mark.parametrize("host", ["127.0.0.1", "10.9.8.7", "nonsense!"])
def test_probe_is_answered_whatever_hosts_and_redirects_are_set(client, alive, settings, host):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["liuling.example.cn"], True
    answer = client.get("/healthz", headers={"host": host})
    assert answer.json()["status"] == "ok"
    assert client.get("/", headers={"host": host}).status_code in (301, 400)


@pytest.mark.django_db(transaction=True)
def test_clock_in_doubt_is_told_and_nothing_is_called_dead(client, alive):
    KeptMoment.objects.update_or_create(name="clock", defaults={"at": timezone.now() - timedelta(days=400)})
    answer = client.get("/healthz")
    assert answer.json()["status"] == "ok"
    assert "已有 400 天" in answer.json()["clock"]


@pytest.mark.django_db(transaction=True)
def test_database_that_takes_nothing_is_not_well(client, alive):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET default_transaction_read_only = on")
    try:
        answer = client.get("/healthz").json()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} RESET default_transaction_read_only")
    assert answer["failing"] == ["database"]
    assert answer["reason"] == FULL


def test_full_disk_is_told_before_the_database_finds_out(client, alive, monkeypatch):
    monkeypatch.setattr("dongkou.health.LEAST_FREE", 1 << 60)
    assert client.get("/healthz").json()["reason"] == FULL


def test_a_queue_that_nobody_serves_is_named(client, alive):
    signs.broker().delete(signs.of_queue("rollup"), signs.of_queue("export"))
    answer = client.get("/healthz").json()
    assert (answer["failing"], answer["queues"]) == (["worker"], "rollup,export")
