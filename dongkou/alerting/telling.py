"""Alarms leave the house: each is handed once to a command of the operator's, as one line of JSON.

The command is run without a shell, knows nothing of our keys, and is ended after a while. An alarm counts as told when it ended
with 0; until then it is tried again at the next turn. Killed between the two, it may be told twice: its number says so.
"""

import contextlib
import json
import os
import shlex
import signal
import subprocess
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dongkou.models import AlarmTold
from households.models import Alarm
from households.refusals import Refused
from households.sql import rows

SECONDS = 20  # that the command may take
MAX_TOLD = 50  # in one turn
ALONE = "SELECT pg_try_advisory_lock(hashtext('dongkou.alerting'))"
FREE = "SELECT pg_advisory_unlock(hashtext('dongkou.alerting'))"
log = structlog.get_logger("dongkou.alerting")


def tell_alarms() -> dict[str, int]:
    """Hand over what nobody outside knows of yet, the oldest first. Refused when the command does not take it."""
    if not settings.ALARM_COMMAND:
        return {}
    [(alone,)] = rows(ALONE)
    if not alone:
        return {}
    try:
        return {"told": _tell_all()}
    finally:
        rows(FREE)


def _tell_all() -> int:
    told = 0
    for alarm in Alarm.objects.exclude(pk__in=AlarmTold.objects.values("alarm")).order_by("pk")[:MAX_TOLD]:
        trouble = hand_over(as_json(alarm))
        if trouble:
            raise Refused("alarm_not_told", f"报警没有送出去：{trouble}。", hint="请检查 DONGKOU_ALARM_COMMAND。")
        AlarmTold.objects.create(alarm=alarm)
        told += 1
    return told


def as_json(alarm: Alarm) -> str:
    """What is handed over: the rule and the place, no figure, no name."""
    shown: dict[str, Any] = {
        "id": alarm.pk,
        "kind": alarm.kind,
        "title": alarm.get_kind_display(),
        "what": alarm.what,
        "where": alarm.where,
        "place": alarm.place,
        "found_at": timezone.localtime(alarm.found_at).isoformat(timespec="seconds"),
        "url": f"{settings.PUBLIC_URL}{reverse('alarms')}",
    }
    return json.dumps(shown, ensure_ascii=False)


def hand_over(line: str) -> str:
    """Run the command with a line on its standard input; why it failed, empty when it did not."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
    try:
        process = subprocess.Popen(
            shlex.split(settings.ALARM_COMMAND),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except OSError as trouble:
        return f"命令不能运行（{trouble.strerror}）"
    try:
        process.communicate(f"{line}\n".encode(), SECONDS)
    except subprocess.TimeoutExpired:
        return f"命令 {SECONDS} 秒没有结束"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it started and left
        process.wait()
    return f"命令返回 {process.returncode}" if process.returncode else ""
