"""``script/run`` from outside: its one-sentence refusals, its ready line, its clean end."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dongkou import run, servers
from dongkou.layout import BASE_DIR, Layout
from dongkou.servers import ServerTrouble, keeper_pid
from dongkou.supervisor import Program
from tests.dongkou.setup.folders import server_pids
from tests.processes import descendants, free_port, lives
from tests.waiting import until


def plain_environment():
    """The environment of an operator, without what the test session set."""
    named = {key: value for key, value in os.environ.items() if not key.startswith(("DONGKOU_", "DJANGO_"))}
    return {**named, "PYTHONPATH": str(BASE_DIR), "PYTHONUTF8": "1"}


def begin(layout, *words, **named):
    """Start it as script/run does after its preparations."""
    module = [sys.executable, "-P", "-m", "dongkou.run", "--data", str(layout.data), *words]
    command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *module]
    return subprocess.Popen(
        command,
        env=plain_environment() | named,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def health(port):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def listening_on(port):
    """Addresses, in hexadecimal, on which somebody listens at the port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}


def read_until_ready(process):
    """What it printed up to and including the ready line."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("ready: "):
            return lines
    raise AssertionError("".join(lines))


@pytest.fixture
def running(ready_layout):
    """The whole application without demo data, ready."""
    port = free_port()
    process = begin(ready_layout, "--port", str(port), "--demo", "none")
    lines = read_until_ready(process)
    yield process, port, lines
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: keeper_pid(ready_layout) is None)


def test_it_becomes_ready_and_ends_on_term(running, ready_layout):
    process, port, lines = running
    assert lines.pop() == f"ready: http://127.0.0.1:{port}/\n"
    told, *ways_in = lines  # nobody has an account yet
    assert "72 小时内" in told and len(ways_in) == 4
    assert all(f"http://127.0.0.1:{port}/setup/" in line for line in ways_in)
    assert health(port) == (200, {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"})
    assert listening_on(port) == {"0100007F"}
    refuses_a_second(ready_layout)
    family, begun = descendants(process.pid), time.monotonic()
    assert len(family) > 6
    runs_nothing_as_root(ready_layout, process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.communicate()[0] == "已停止。\n"
    assert (process.returncode, time.monotonic() - begun < 12) == (0, True)
    assert [pid for pid in family if lives(pid)] == server_pids(ready_layout) == []


def runs_nothing_as_root(layout, supervisor):
    """Web, worker and beat with all they start belong to the servers' user, who alone reads the keys."""
    theirs = [pid for pid in descendants(supervisor) if {"granian", "celery"} & set(words_of(pid))]
    assert len(theirs) >= 5
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in theirs} == {layout.postgresql.stat().st_uid}
    assert 0 not in {layout.postgresql.stat().st_uid, layout.secrets.stat().st_uid} or os.geteuid() != 0
    assert layout.secrets.stat().st_mode & 0o777 == 0o600


def words_of(pid):
    """A process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def refuses_a_second(layout):
    """Another run on the same data is refused; two beats would do everything twice."""
    second = begin(layout, "--port", str(free_port()))
    assert "已有一个 script/run 在运行" in second.communicate()[0]
    assert second.returncode == 1


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_works(running, ready_layout):
    """The next one stands behind HTTPS, and says what the proxy lacks."""
    process, port, _ = running
    family = descendants(process.pid)
    process.kill()
    process.wait()
    until(lambda: not [pid for pid in family if lives(pid)])
    hosts = {"DONGKOU_HOSTS": "liuling.example.cn", "DONGKOU_PUBLIC_URL": "https://liuling.example.cn"}
    again = begin(ready_layout, "--port", str(port), "--demo", "none", DONGKOU_HTTPS="1", **hosts)
    read_until_ready(again)
    assert "DONGKOU_TRUSTED_PROXIES" in again.stdout.readline()
    assert health(port)[1]["status"] == "ok"
    again.send_signal(signal.SIGINT)  # ignored from birth, as in a shell's background
    again.communicate()
    assert again.returncode == 0


def test_a_port_in_use_is_one_sentence(empty_layout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = begin(empty_layout, "--port", str(port))
        assert process.communicate()[0] == f"端口 {port} 已被占用，请用 --port 换一个端口。\n"
    assert process.returncode == 1


@pytest.mark.parametrize(
    "words", [["--port", "0"], ["--port", "65536"], ["--port", "x"], ["--demo", "big"], ["--colour"], ["--data"]]
)
def test_wrong_arguments_are_one_sentence_and_exit_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run.arguments(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("参数有误：")
    assert said.count("\n") == 1


def test_arguments_have_their_defaults(monkeypatch):
    monkeypatch.delenv("DONGKOU_DATA")
    chosen = run.arguments([])
    assert (chosen.port, chosen.data, chosen.demo) == (8000, BASE_DIR / "var", "small")


def test_a_disk_that_is_all_but_full_is_refused(empty_layout, monkeypatch):
    monkeypatch.setattr(run, "LEAST_FREE", 1 << 60)
    with pytest.raises(ServerTrouble, match="磁盘只剩"):
        run.ask_for_room(empty_layout)


def test_two_runs_on_one_folder_are_told_apart_by_a_lock(empty_layout):
    with run.only_one(empty_layout), pytest.raises(ServerTrouble, match="已有一个"):
        run.only_one(empty_layout)
    run.only_one(empty_layout).close()


def test_the_demo_sign_ins_follow_the_ready_line(empty_layout, capsys):
    empty_layout.demo_accounts.write_text("县六零办 lingban 密码 x1\n", encoding="utf-8")
    run.announce(empty_layout, 8123)
    assert capsys.readouterr().out == "ready: http://127.0.0.1:8123/\n县六零办 lingban 密码 x1\n"


def test_without_demo_accounts_only_the_ready_line_is_printed(empty_layout, capsys):
    run.announce(empty_layout, 8123)
    assert capsys.readouterr().out == "ready: http://127.0.0.1:8123/\n"


def test_a_reader_who_went_away_stops_nothing(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as broken:
        monkeypatch.setattr(sys, "stdout", broken)
        run.say("first")
        assert sys.stdout is not broken
        run.say("second")
        sys.stdout.close()
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), write)


def test_the_watch_brings_lost_servers_back(empty_layout, capsys):
    with servers.using(empty_layout, servers.WantedServers(False, True)) as hold:
        watch = run.Watch(empty_layout, hold, free_port(), [])
        watch.need, watch.ready = servers.WantedServers(False, True), True
        os.kill(keeper_pid(empty_layout), signal.SIGKILL)
        until(lambda: keeper_pid(empty_layout) is None)
        watch.look()
        assert keeper_pid(empty_layout)
    assert "数据库服务意外结束" in capsys.readouterr().out


def test_a_start_that_takes_too_long_is_explained(empty_layout, monkeypatch):
    watch = watch_without_servers(empty_layout, monkeypatch)
    watch.deadline = 0
    watch.look()
    assert watch.asked == [(os.getpid(), signal.SIGTERM)]
    assert "没有就绪" in watch.trouble


def test_a_child_that_never_comes_up_ends_the_start(empty_layout, monkeypatch):
    watch = watch_without_servers(empty_layout, monkeypatch)
    watch.family = [Program("worker", [], empty_layout.log / "worker.out", {}, deaths=run.TRIES)]
    watch.look()
    assert watch.asked == [(os.getpid(), signal.SIGTERM)]
    assert watch.trouble == f"worker 一再启动失败，原因见 {empty_layout.log / 'worker.out'}。"


def watch_without_servers(layout, monkeypatch):
    """A watch on nothing; the signals that it sends to itself are noted instead."""
    watch = run.Watch(Layout(layout.data), None, free_port(), [])
    watch.need, watch.asked = servers.WantedServers(False, False), []
    monkeypatch.setattr(os, "kill", lambda *words: watch.asked.append(words))
    return watch
