"""/metrics: what it says, to whom, and that nothing in it is about anybody."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from django.conf import settings as present
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from dongkou import beat, signs
from dongkou.schedule import QUEUES, SCHEDULE
from dongkou.watching import counted
from households import audit
from households.alarms.actions import AlarmFinding, found_by
from households.jobs.actions import note
from households.models import AlarmKind, JobOutcome
from households.roles import Role
from scoring.models import Mark
from tests.processes import children_of, end, free_port, start
from tests.waiting import until
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
TOKEN = "a token of a good length, made by openssl"
FREE_WORDS = {"group", "method", "status", "part", "kind", "queue", "job", "folder", "le", "table"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    signs.broker().flushdb()
    yield
    signs.broker().flushdb()


def asked(client: Client, **headers: str) -> dict[tuple[str, ...], float]:
    """Every figure by name and label values."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return figures(answer.content.decode())


def figures(text: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_it_tells_what_waits_and_since_when(client: Client, world: World) -> None:
    Mark.objects.all().delete()
    Mark.objects.create(month=MONTH, code=VILLAGE, moved=1, since=timezone.now() - timedelta(minutes=7))
    signs.broker().rpush("rollup", "one", "two")
    signs.leave(signs.of_queue("rollup"))
    told = asked(client)
    assert (told["dongkou_marks",], round(told["dongkou_oldest_mark_age_seconds",], -1)) == (1, 420)
    assert (told["dongkou_queue_messages", "rollup"], told["dongkou_queue_messages", "entry"]) == (2, 0)
    assert (told["dongkou_queue_served", "rollup"], told["dongkou_queue_served", "export"]) == (1, 0)
    assert (told["dongkou_beat_alive",], told["dongkou_up", "broker"], told["dongkou_up", "database"]) == (0, 1, 1)
    assert told["dongkou_database_bytes",] > 1_000_000
    assert told["dongkou_disk_free_bytes", "data"] <= told["dongkou_disk_bytes", "data"]


def test_it_tells_of_jobs_alarms_and_failed_sign_ins(client: Client, world: World) -> None:
    nightly, seal = "scoring.tasks.check_nightly", "scoring.tasks.seal_trail"
    note(name=nightly, begun_at=timezone.now(), outcome=JobOutcome.DRIFT, figures={"drifts": 1})
    found_by("a check", [AlarmFinding(AlarmKind.CHAIN, "账链断了", "430525")])
    audit.record(None, "account.sign_in_failed")
    late = (timezone.now() - timedelta(minutes=12)).isoformat()
    signs.broker().hset(beat.LAST_RUNS, "seal the trail", late)
    told = asked(client)
    assert told["dongkou_job_last_bad", nightly] == 1
    assert abs(told["dongkou_job_last_end_timestamp_seconds", nightly] - timezone.now().timestamp()) < 60
    assert told["dongkou_job_last_end_timestamp_seconds", seal] == 0
    assert 110 < told["dongkou_beat_lag_seconds", seal] < 180
    assert told["dongkou_beat_lag_seconds", nightly] == 0
    assert (told["dongkou_alarms_open", "chain"], told["dongkou_alarms_open", "trail"]) == (1, 0)
    assert told["dongkou_failed_sign_ins_last_hour",] == 1


def test_ledger_grows_with_its_entries(client: Client, world: World) -> None:
    before = asked(client)["dongkou_ledger_entries",]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO scoring_ledgerhead (chain, seq, hash) VALUES ('999999', 41, '\\x00')")
    assert asked(client)["dongkou_ledger_entries",] == before + 41


def test_requests_are_counted_by_group_method_and_status(client: Client, world: World) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    before = asked(client)
    office.get("/running/")
    office.get(f"/why/{MONTH}/{VILLAGE}/")
    office.get(f"/api/v1/why/{MONTH}/{VILLAGE}/")
    office.get("/no/such/page-of-430525001")
    client.post("/running/")
    after = asked(client)

    def more(*labels: str) -> float:
        key = ("dongkou_requests_total", *labels)
        return after.get(key, 0) - before.get(key, 0)

    assert [more(group, "GET", "200") for group in ("running", "why", "api-why")] == [1, 1, 1]
    assert more("none", "GET", "404") == 1
    assert (
        sum(
            value - before.get(key, 0)
            for key, value in after.items()
            if key[:3] == ("dongkou_requests_total", "running", "POST")
        )
        == 1
    )
    counts = [
        after[key] - before.get(key, 0)
        for key in (("dongkou_request_seconds_count", "why"), ("dongkou_request_seconds_bucket", "why", "+Inf"))
    ]
    assert counts == [1, 1]


def test_no_label_says_anything_of_anybody(client: Client, world: World) -> None:
    """Labels are words of ours: no code, number, name or address of any request gets into one."""
    office = world.client(Role.COUNTY_OFFICE)
    for path in (f"/why/{MONTH}/{world.household.code}/", "/h/AbCdEf123456/", "/static/x/13800000001", f"/{VILLAGE}/"):
        office.get(path)
    client.generic("张三", "/running/")
    text = client.get("/metrics").content.decode()
    labels = [one.labels for family in text_string_to_metric_families(text) for one in family.samples]
    assert {name for one in labels for name in one} <= FREE_WORDS
    tasks = {str(entry["task"]) for entry in SCHEDULE.values()}
    tables = set(connection.introspection.table_names())
    for one in labels:
        for name, value in one.items():
            ok = (
                value in tasks
                if name == "job"
                else value in QUEUES
                if name == "queue"
                else value in tables
                if name == "table"
                else re.fullmatch(r"[a-zA-Z-]+", value)
            )
            assert ok or name in ("status", "le"), one
    assert not re.search(r"\d{6}", "".join(one.get("group", "") for one in labels))
    for personal in (world.household.code, world.household.head_name, "AbCdEf", "13800000001", "张三", "127.0.0.1"):
        assert personal not in text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"x-forwarded-for": "10.9.9.9", "authorization": f"Bearer {TOKEN}"}, 200),
        ("10.1.2.3", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("127.0.0.1", {"authorization": f"Bearer {TOKEN}x"}, 404),
        ("10.1.2.3", {"authorization": "Bearer "}, 404),
        ("", {}, 404),
    ],
)
def test_who_may_ask(settings: object, address: str, headers: dict[str, str], status: int) -> None:
    settings.METRICS_TOKEN, settings.TRUSTED_PROXIES = TOKEN, []
    answer = Client(REMOTE_ADDR=address).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert (b"dongkou_" in answer.content) is (status == 200)


def test_without_a_token_an_empty_one_opens_nothing(settings: object) -> None:
    settings.METRICS_TOKEN = ""
    answer = Client(REMOTE_ADDR="10.1.2.3").get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status_code == 404
    assert b"dongkou_" not in answer.content


def test_broker_that_is_away_is_told_and_the_rest_all_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    away = redis.Redis(unix_socket_path="/nonexistent/valkey.sock")
    with monkeypatch.context() as looking:
        looking.setattr(signs, "broker", lambda: away)
        told = asked(client)
    assert (told["dongkou_up", "broker"], told["dongkou_up", "database"]) == (0, 1)
    assert ("dongkou_marks",) in told
    assert not [key for key in told if key[0] == "dongkou_queue_messages"]


def test_database_that_is_away_is_told_and_the_rest_all_the_same(client: Client, django_db_blocker: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ALTER TABLE scoring_mark RENAME TO scoring_mark_elsewhere")
    told = asked(client)
    assert (told["dongkou_up", "broker"], told["dongkou_up", "database"]) == (1, 0)
    assert ("dongkou_queue_messages", "entry") in told


@pytest.mark.django_db(transaction=True)
def test_all_processes_of_a_web_server_count_together() -> None:
    from urllib.request import urlopen

    from dongkou.run import health

    port = free_port()
    web = start("web", port)
    try:
        until(lambda: health(port)[:3] in ("200", "503"), seconds=120)
        for _ in range(40):
            urlopen(f"http://127.0.0.1:{port}/rules/").close()
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            told = figures(answer.read().decode())
        assert told["dongkou_requests_total", "rules", "GET", "200"] == 40
        assert len(children_of(web.process.pid)) >= 2
    finally:
        end(web)


def test_its_settings_are_documented() -> None:
    text = (present.BASE_DIR / "docs/operations.md").read_text(encoding="utf-8")
    assert "`DONGKOU_METRICS_FOR`" in text and "`DONGKOU_METRICS_TOKEN`" in text
    assert tuple(sorted(counted.BUCKETS)) == counted.BUCKETS
