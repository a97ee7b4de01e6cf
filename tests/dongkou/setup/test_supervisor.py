"""The supervisor with small shell programs for children."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dongkou import children
from dongkou.layout import BASE_DIR
from dongkou.supervisor import FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS, Program, stop_signals
from tests.processes import lives
from tests.waiting import until

PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from dongkou import supervisor
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may have it ignored
supervisor.STOP_SECONDS = float(sys.argv[3])
folder = Path(sys.argv[2])
children = [
    supervisor.Program(name, ["sh", "-c", script], folder / f"{name}.out", os.environ)
    for name, script in json.loads(sys.argv[1]).items()
]
supervisor.Supervisor(children, lambda text: print(text, flush=True), lambda: None).run()
print("stopped", flush=True)
"""
WAITS = 'echo $$ >> "$0".pids; exec sleep 300'


class Family:
    """A supervisor in a process of its own; each child appends its process id to a file."""

    def __init__(self, folder: Path, scripts: dict[str, str], patience: float = 5.0) -> None:
        self.folder = folder
        named = {name: script.replace('"$0"', str(folder / name)) for name, script in scripts.items()}
        command = [sys.executable, "-c", PROGRAM, json.dumps(named), str(folder), str(patience)]
        self.parent = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
        until(lambda: all(self.pids(name) for name in scripts))

    def pids(self, name: str) -> list[int]:
        file = self.folder / f"{name}.pids"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def stop(self, number: int = signal.SIGTERM) -> str:
        self.parent.send_signal(number)
        return self.parent.communicate(timeout=20)[0]


@pytest.fixture
def family(tmp_path):
    families = []

    def found(scripts: dict[str, str], patience: float = 5.0) -> Family:
        families.append(Family(tmp_path, scripts, patience))
        return families[-1]

    yield found
    for one in families:
        one.parent.kill()
        one.parent.wait()
        one.parent.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_ends_every_child(family, number):
    two = family({"web": WAITS, "beat": WAITS})
    assert two.stop(number) == "stopped\n"
    assert two.parent.returncode == 0
    assert not any(lives(pid) for name in ("web", "beat") for pid in two.pids(name))


def test_a_hangup_is_ignored_when_asked_to(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert stop_signals() == {signal.SIGTERM, signal.SIGINT}
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_crashed_child_is_started_again_and_the_others_go_on(family):
    two = family({"web": WAITS, "beat": WAITS})
    os.kill(two.pids("web")[0], signal.SIGKILL)
    until(lambda: len(two.pids("web")) == 2)
    assert lives(two.pids("web")[1])
    assert two.pids("beat") == [pid for pid in two.pids("beat") if lives(pid)]
    assert "web 意外结束（-9）" in two.stop()


def test_a_child_that_always_fails_is_tried_less_and_less_often(family):
    one = family({"web": 'echo $$ >> "$0".pids; exit 3'})
    until(lambda: len(one.pids("web")) == 3)
    said = one.stop()
    assert said.index("1 秒后") < said.index("2 秒后")


def test_a_stubborn_child_is_killed_within_the_time(family):
    one = family({"web": 'trap "" TERM; echo $$ >> "$0".pids; while :; do sleep 1; done'}, patience=1.0)
    begun = time.monotonic()
    one.stop()
    assert time.monotonic() - begun < 4
    assert not lives(one.pids("web")[0])


def test_a_second_signal_cuts_the_wait_short(family):
    one = family({"web": 'trap "" TERM; echo $$ >> "$0".pids; while :; do sleep 1; done'}, patience=60.0)
    one.parent.send_signal(signal.SIGINT)
    until(lambda: one.parent.poll() is not None or one.parent.send_signal(signal.SIGINT), pause=0.5)
    assert not lives(one.pids("web")[0])


def test_what_a_dead_child_left_behind_is_ended_before_the_next_start(family):
    one = family({"web": 'sleep 300 & echo $! >> "$0".pids; wait'})
    orphan = one.pids("web")[0]
    parent = int(Path(f"/proc/{orphan}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(parent, signal.SIGKILL)
    until(lambda: not lives(orphan))
    one.stop()


def test_children_die_with_a_killed_supervisor(family):
    two = family({"web": WAITS, "beat": WAITS})
    two.parent.kill()
    two.parent.wait()
    until(lambda: not any(lives(pid) for name in ("web", "beat") for pid in two.pids(name)))


def child() -> Program:
    return Program("web", ["true"], Path(os.devnull), {})


def test_the_pause_doubles_up_to_a_limit():
    one = child()
    pauses = []
    for _ in range(10):
        one.started_at = time.monotonic()
        one.plan_restart()
        pauses.append(one.pause)
    assert pauses[:3] == [FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_child_that_lived_long_is_started_again_soon():
    one = child()
    one.pause, one.started_at = LONGEST_PAUSE, time.monotonic() - STEADY_SECONDS - 1
    one.plan_restart()
    assert one.pause == FIRST_PAUSE


def test_a_long_log_is_put_aside_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LOG_BYTES", 10)
    log = tmp_path / "web.out"
    for text in ("short", "much longer than that"):
        log.write_text(text)
        children.turn_over(log)
    assert not log.exists()
    assert (tmp_path / "web.out.1").read_text() == "much longer than that"
