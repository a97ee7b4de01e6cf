"""The doctor notices what is wrong, one planted fault at a time, and says what to do."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from dongkou import signs
from dongkou.database_roles import APPLICATION, OWNER
from dongkou.doctor import around, examining, inside
from dongkou.doctor.findings import DoctorFinding, DoctorVerdict, bad, exit_code, look, well
from dongkou.guards import note_keys
from dongkou.keys import FieldKeys
from households.alarms.actions import AlarmFinding, found_by
from households.jobs.actions import note
from households.models import AlarmKind, JobOutcome, JobRun, KeptMoment
from tests.processes import manage
from tests.world import World

pytestmark = pytest.mark.django_db
NIGHTLY = "scoring.tasks.check_nightly"


@pytest.fixture
def healthy(settings: Any) -> Iterator[None]:
    """Workers and beat alive, keys noted, behind a proxy with HTTPS."""
    signs.broker().flushdb()
    for name in settings.CELERY_QUEUES:
        signs.leave(signs.of_queue(name))
    signs.leave(signs.BEAT)
    note_keys()
    settings.PUBLIC_URL, settings.HTTPS, settings.TRUSTED_PROXIES = "https://liuling.example.cn", True, ["127.0.0.1"]
    yield
    signs.broker().flushdb()


def found(of: Callable[..., Iterator[DoctorFinding]], *words: object) -> dict[str, DoctorFinding]:
    """The worst finding of each thing."""
    worst: dict[str, DoctorFinding] = {}
    order = list(DoctorVerdict)
    for one in of(*words):
        before = worst.get(one.what)
        if before is None or order.index(one.health) > order.index(before.health):
            worst[one.what] = one
    return worst


def all_well(of: Callable[..., Iterator[DoctorFinding]], *words: object) -> bool:
    return {one.health for one in of(*words)} == {DoctorVerdict.WELL}


def test_healthy_system_is_well(healthy: None) -> None:
    for one in examining.examine():
        assert one.health is not DoctorVerdict.BAD or one.what == "备份", one.line
    assert all_well(inside.schema) and all_well(inside.workers) and all_well(inside.clock) and all_well(inside.alarms)
    assert all_well(around.addresses)


def test_every_fault_says_what_to_do(healthy: None) -> None:
    for one in examining.examine():
        assert bool(one.do) is (one.health is not DoctorVerdict.WELL), one.line
        assert one.line.count("\n") == 0


def test_newer_schema_and_waiting_migrations_are_noticed(healthy: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'dongkou'")
        assert "manage.py set_up" in found(inside.schema)["数据库"].told
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('scoring', '0999_x', now())")
    [one] = inside.schema()
    assert one.health is DoctorVerdict.BAD and "scoring.0999_x" in one.told


def test_other_keys_are_noticed_and_nothing_else_is_asked(healthy: None, settings: Any) -> None:
    settings.FIELD_KEYS = FieldKeys({1: b"k" * 32})
    told = list(examining.examine())
    assert any("加密用的密钥" in one.told for one in told)
    assert "核对报警" not in {one.what for one in told}


def test_version_that_was_never_tried_is_noticed(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "TRIED_VERSIONS", range(15, 16))
    assert found(inside.schema)["数据库"].health is DoctorVerdict.LOOK


def run(sql: str) -> None:
    """As the administrator, and undone with the test."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_trigger_that_was_switched_off_is_noticed(healthy: None) -> None:
    assert found(inside.rights)["触发器"].health is DoctorVerdict.WELL
    run("ALTER TABLE households_trail DISABLE TRIGGER trail_append_only")
    one = found(inside.rights)["触发器"]
    assert one.health is DoctorVerdict.BAD and "trail_append_only（households_trail）" in one.told


def test_owner_in_the_applications_place_is_noticed(healthy: None) -> None:
    run(f"GRANT {OWNER} TO {APPLICATION}")
    assert found(inside.rights)["数据库帐号"].health is DoctorVerdict.LOOK


def test_right_too_much_is_noticed(healthy: None) -> None:
    assert found(inside.rights)["数据库帐号"].health is DoctorVerdict.WELL
    run(f"GRANT UPDATE ON households_auditevent TO {APPLICATION}")
    one = found(inside.rights)["数据库帐号"]
    assert one.health is DoctorVerdict.BAD and "households_auditevent 的 UPDATE" in one.told


def test_table_that_leaves_no_trail_is_noticed(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(inside.TABLES, "households_operation", "没有留痕的")
    assert "没有留痕的" in found(inside.rights)["触发器"].told


def test_clock_in_doubt_is_noticed(healthy: None) -> None:
    KeptMoment.objects.update_or_create(name="clock", defaults={"at": timezone.now() - timedelta(days=400)})
    assert "manage.py clock --go-on" in found(inside.clock)["时间"].do


def test_clock_that_goes_astray_is_noticed(healthy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "time", SimpleNamespace(time=lambda: timezone.now().timestamp() + 60))
    assert "差 60 秒" in found(inside.clock)["时间"].told


def test_queue_without_worker_and_beat_that_is_gone_are_noticed(healthy: None) -> None:
    signs.broker().delete(signs.of_queue("rollup"), signs.BEAT)
    told = found(inside.workers)
    assert "rollup（汇总）" in told["工作进程"].told
    assert (told["工作进程"].health, told["定时器"].health) == (DoctorVerdict.BAD, DoctorVerdict.BAD)


def test_job_that_is_overdue_or_came_out_badly_is_noticed(healthy: None) -> None:
    now = timezone.now()
    assert all_well(inside.jobs, now)
    note(name=NIGHTLY, begun_at=now, outcome=JobOutcome.DRIFT, figures={"drifts": 1})
    assert "核对出不符" in found(inside.jobs, now)["定时的事"].told
    JobRun.objects.update(outcome=JobOutcome.DONE)
    assert all_well(inside.jobs, now)
    JobRun.objects.update(begun_at=now - timedelta(days=3))
    assert "过了时间没有办" in found(inside.jobs, now)["定时的事"].told


def test_alarm_is_noticed(healthy: None) -> None:
    found_by("a check", [AlarmFinding(AlarmKind.TRAIL, "留痕被动过")])
    assert found(inside.alarms)["核对报警"].told == "有 1 条"


def test_next_years_holidays_are_asked_for_from_november_on(world: World) -> None:
    late, early = (
        timezone.now().replace(year=2026, month=11, day=2),
        timezone.now().replace(year=2026, month=10, day=20),
    )
    told = [one.told for one in inside.year_to_come(late)]
    assert [text[:4] for text in told] == ["2026", "2027"]
    assert [one.told[:4] for one in inside.year_to_come(early)] == ["2026"]
    far = list(inside.year_to_come(late.replace(year=2039)))
    assert far[0].health is DoctorVerdict.LOOK and "manage.py arrange_year 2039" in far[0].do


def test_demo_accounts_behind_a_public_address_are_noticed(healthy: None, world: World, settings: Any) -> None:
    demo = type(world.user("county_office")).objects.filter(is_demo=True).count()
    assert demo > 0
    assert found(inside.people)["演示账号"].told.startswith(f"有 {demo} 个")
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert found(inside.people) == {}


@pytest.mark.parametrize(
    ("named", "what", "health"),
    [
        ({"PUBLIC_URL": "http://liuling.example.cn"}, "网址", DoctorVerdict.BAD),
        ({"HTTPS": False}, "网址", DoctorVerdict.BAD),
        ({"PUBLIC_URL": "http://127.0.0.1:8000"}, "网址", DoctorVerdict.LOOK),
        ({"TRUSTED_PROXIES": []}, "反向代理", DoctorVerdict.BAD),
        ({"ALLOWED_HOSTS": ["*"]}, "主机名", DoctorVerdict.BAD),
    ],
)
def test_what_stands_in_front_is_looked_at(
    healthy: None, settings: Any, named: dict, what: str, health: DoctorVerdict
) -> None:
    for name, value in named.items():
        setattr(settings, name, value)
    assert found(around.addresses)[what].health is health


def test_key_file_that_others_read_or_that_is_gone_is_noticed(settings: Any, tmp_path: Any) -> None:
    path = tmp_path / "secrets.json"
    settings.LAYOUT = SimpleNamespace(secrets=path)
    assert "没有密钥文件" in found(around.keys)["密钥"].told
    path.write_text("{}", encoding="utf-8")
    path.chmod(0o644)
    assert "chmod 600" in found(around.keys)["密钥"].do
    path.chmod(0o600)
    assert all_well(around.keys)


def test_disk_that_runs_full_is_noticed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=100 << 30, used=0, free=50 << 30)
    monkeypatch.setattr(around.shutil, "disk_usage", lambda _folder: usage)
    assert all_well(around.disks)
    usage.free = 5 << 30
    assert found(around.disks)["数据所在磁盘"].health is DoctorVerdict.LOOK
    usage.free = 1 << 20
    assert found(around.disks)["数据所在磁盘"].health is DoctorVerdict.BAD


def test_backups_that_are_missing_or_old_are_noticed(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    settings.BACKUP_FOLDER = None
    assert found(around.backups, now)["备份"].told.startswith("没有设置")
    settings.BACKUP_FOLDER = tmp_path
    assert found(around.backups, now)["备份"].told == "一份也没有"
    monkeypatch.setattr(around, "last_copy", lambda: SimpleNamespace(name="x-full", at=now - timedelta(hours=35)))
    assert found(around.backups, now)["备份"].health is DoctorVerdict.WELL
    assert found(around.backups, now)["恢复演练"].health is DoctorVerdict.LOOK
    assert found(around.backups, now + timedelta(hours=2))["备份"].health is DoctorVerdict.BAD
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / f"{now:%Y%m%dT%H%M%SZ}.pdf").touch()
    assert "恢复演练" not in found(around.backups, now)


def test_fonts_and_statics_that_are_missing_are_noticed(settings: Any, tmp_path: Any) -> None:
    settings.RARE_FONTS, settings.STATIC_ROOT = [tmp_path / "none.ttf"], tmp_path
    told = found(around.programs)
    assert (told["打印字体"].health, told["静态文件"].health) == (DoctorVerdict.LOOK, DoctorVerdict.BAD)
    settings.NODE_MODULES = tmp_path
    assert found(around.programs)["打印字体"].health is DoctorVerdict.BAD


def test_exit_code_is_1_only_for_what_must_be_put_right() -> None:
    assert exit_code([well("a", "b"), look("a", "b", "c")]) == 0
    assert exit_code([well("a", "b"), bad("a", "b", "c")]) == 1


def test_command_prints_a_line_each_or_json(healthy: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:  # no backups here
        call_command("doctor", "--json")
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert {"health": "bad", "what": "备份"}.items() <= next(one for one in told if one["what"] == "备份").items()


def test_command_works_where_database_and_broker_are_away() -> None:
    """As a process: what cannot be asked is told, and nothing is a traceback."""
    address = {"DATABASE_URL": "postgresql://someone:a-password@127.0.0.1:1/d", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = manage("doctor", env={**os.environ, **address})
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert any(line.startswith("不行  数据库：连不上数据库") for line in lines)
    assert any(line.startswith("不行  消息服务：连不上消息服务") for line in lines)
    assert "a-password" not in done.stdout
