"""Alarms reach a command of the operator's, each once, and nothing of ours goes along."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as present
from django.core.exceptions import ImproperlyConfigured

from dongkou import environment
from dongkou.alerting import running, telling
from dongkou.models import AlarmTold
from households.alarms.actions import AlarmFinding, found_by
from households.models import Alarm, AlarmKind
from households.refusals import Refused
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def command(folder: Path, text: str) -> str:
    """A program of the operator's."""
    program = folder / "alarm"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def raised(*wheres: str) -> None:
    found_by("a check", [AlarmFinding(AlarmKind.CHAIN, "账链断了", where, where[:6]) for where in wheres])


def test_each_alarm_is_handed_over_once(settings: Any, tmp_path: Path) -> None:
    settings.ALARM_COMMAND = command(tmp_path, f"cat >> {tmp_path}/heard")
    raised("430525001", "430525002")
    assert telling.tell_alarms() == {"told": 2}
    assert telling.tell_alarms() == {"told": 0}
    raised("430525001", "430525002", "430525003")
    assert telling.tell_alarms() == {"told": 1}
    lines = (tmp_path / "heard").read_text(encoding="utf-8").splitlines()
    heard = [json.loads(line) for line in lines]
    assert [one["where"] for one in heard] == ["430525001", "430525002", "430525003"]
    assert [one["id"] for one in heard] == list(Alarm.objects.order_by("pk").values_list("pk", flat=True))
    assert (heard[0]["title"], heard[0]["url"]) == ("积分账链断了", f"{present.PUBLIC_URL}/inbox/alarms/")


def test_command_gets_nothing_of_our_environment_and_no_shell(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DONGKOU_FIELD_KEY_OF_TEST", "secret")
    program = command(tmp_path, f'env > {tmp_path}/env; echo "$1" > {tmp_path}/word')
    settings.ALARM_COMMAND = f"{program} '$(id); x'"
    raised("430525001")
    telling.tell_alarms()
    assert "secret" not in (tmp_path / "env").read_text(encoding="utf-8")
    assert (tmp_path / "word").read_text(encoding="utf-8") == "$(id); x\n"


def test_what_was_not_taken_is_told_at_the_next_turn(settings: Any, tmp_path: Path) -> None:
    settings.ALARM_COMMAND = command(tmp_path, f"test -e {tmp_path}/up && cat >> {tmp_path}/heard")
    raised("430525001")
    with pytest.raises(Refused, match="命令返回 1"):
        telling.tell_alarms()
    assert not AlarmTold.objects.exists()
    (tmp_path / "up").touch()
    assert telling.tell_alarms() == {"told": 1}


def test_command_that_hangs_is_ended_with_all_it_started(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(telling, "SECONDS", 0.5)
    settings.ALARM_COMMAND = command(tmp_path, f"sleep 600 & echo $! > {tmp_path}/pid; wait")
    assert telling.hand_over("{}") == "命令 0.5 秒没有结束"
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z")


def test_without_a_command_nothing_is_told(settings: Any) -> None:
    settings.ALARM_COMMAND = ""
    raised("430525001")
    assert telling.tell_alarms() == {}
    assert not AlarmTold.objects.exists()


def test_program_that_is_gone_is_said(settings: Any, tmp_path: Path) -> None:
    settings.ALARM_COMMAND = str(tmp_path / "gone")
    assert "命令不能运行" in telling.hand_over("{}")


def test_setting_is_a_program_that_can_be_run(monkeypatch: Any, tmp_path: Path) -> None:
    for value in ("alarm", "/no/such/program", "'/bin/sh"):
        monkeypatch.setenv("X", value)
        with pytest.raises(ImproperlyConfigured, match="X"):
            environment.env_command("X")
    monkeypatch.setenv("X", f"{command(tmp_path, '')} --to duty")
    assert environment.env_command("X").endswith("--to duty")
    assert os.access("/bin/sh", os.X_OK)


def test_what_is_wrong_with_the_running_is_an_alarm_until_it_is_right(settings: Any, monkeypatch: Any) -> None:
    from dongkou import signs

    signs.broker().flushdb()
    wrong = 1 + len(settings.CELERY_QUEUES)
    assert running.look_around() == running.look_around() == {"wrong": wrong}
    whats = list(Alarm.objects.order_by("what").values_list("kind", "what"))
    assert (len(whats), {kind for kind, _ in whats}) == (wrong, {"running"})
    assert {what.split("：")[0] for _, what in whats} == {"定时器", "工作进程"}
    signs.leave(signs.BEAT)
    for name in settings.CELERY_QUEUES:
        signs.leave(signs.of_queue(name))
    assert running.look_around() == {"wrong": 0}
    assert not Alarm.objects.filter(gone_at=None).exists()
    signs.broker().flushdb()
