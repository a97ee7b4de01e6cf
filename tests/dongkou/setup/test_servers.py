"""The embedded servers: start, share, stop, and come back after every kind of crash."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis

from dongkou import servers
from dongkou.embedded import PostgreSQL, standing_in, valkey_password
from dongkou.keeper import StillFor
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import find_programs, find_runner
from dongkou.servers import ServerTrouble, WantedServers, keeper_pid
from tests.dongkou.setup.folders import BOTH, answers, ask, clear, postgres_pids, postmaster, server_pids, valkey
from tests.waiting import until

HOLDER = "import sys; from pathlib import Path; from dongkou import servers; from dongkou.layout import Layout; "
HOLDER += "hold = servers.use(Layout(Path(sys.argv[1])), servers.WantedServers(True, True)); "


def holder(layout: Layout, then: str) -> subprocess.Popen:
    """Another process that takes hold of the servers, prints ``up`` and then does something."""
    program = f"{HOLDER} print('up', flush=True); {then}"
    command = [sys.executable, "-c", program, str(layout.data)]
    return subprocess.Popen(command, cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_servers_answer_while_used_and_are_gone_afterwards(layout):
    with servers.using(layout, BOTH):
        assert answers(layout)
        assert ask(layout, "SHOW server_version")[0].startswith("18.")
    assert keeper_pid(layout) is None
    assert server_pids(layout) == []


def test_data_survive_a_restart(layout):
    with servers.using(layout, BOTH):
        ask(layout, "CREATE TABLE kept AS SELECT 7 AS n")
        valkey(layout).set("kept", "8")
    with servers.using(layout, BOTH):
        assert ask(layout, "SELECT n FROM kept") == [7]
        assert valkey(layout).get("kept") == b"8"


def test_nothing_listens_on_the_network(layout):
    with servers.using(layout, BOTH):
        assert ask(layout, "SHOW listen_addresses") == [""]
        assert valkey(layout).info("server")["tcp_port"] == 0
        assert layout.sockets.stat().st_mode & 0o077 == 0


def test_broker_opens_to_its_password_alone_and_shows_it_nowhere(layout):
    with servers.using(layout, BOTH):
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(layout.valkey_socket)).ping()
        for command in (
            ["CONFIG", "GET", "*"],
            ["ACL", "LIST"],
            ["SHUTDOWN"],
            ["MODULE", "LIST"],
        ):
            with pytest.raises(redis.exceptions.NoPermissionError):
                valkey(layout).execute_command(*command)
        password = valkey_password(layout)
        lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in server_pids(layout)]
    assert len(password) >= 50
    assert not [line for line in lines if password in line]
    config = layout.valkey / "valkey.conf"
    assert config.stat().st_mode & 0o777 == 0o600
    assert password not in config.read_text()


def test_text_sorts_by_code_point_and_commits_wait_for_the_disk(layout):
    with servers.using(layout, BOTH):
        assert ask(layout, "SHOW fsync") == ["on"]
        assert ask(layout, "SHOW synchronous_commit") == ["on"]
        row = ask(layout, "SELECT pg_encoding_to_char(encoding), datlocprovider, upper('é') FROM pg_database")
        assert row == ["UTF8", "b", "É"]


def test_rows_never_reach_the_database_log(layout):
    with servers.using(layout, BOTH):
        ask(layout, "CREATE TABLE people (phone text UNIQUE)")
        ask(layout, "INSERT INTO people VALUES ('13812345678')")
        with pytest.raises(Exception, match="13812345678"):
            ask(layout, "INSERT INTO people VALUES ('13812345678')")
    text = (layout.log / "postgresql.log").read_text()
    assert "people_phone_key" in text
    assert "13812345678" not in text


def test_only_the_server_needed_is_started(empty_layout):
    with servers.using(empty_layout, WantedServers(postgresql=False, valkey=True)):
        assert valkey(empty_layout).ping()
        assert not empty_layout.postgresql.exists()


def test_the_last_of_two_users_stops_the_servers(layout):
    other = holder(layout, "sys.stdin.readline(); hold.end()")
    assert other.stdout.readline() == "up\n"
    with servers.using(layout, BOTH):
        other.communicate("\n")
        assert answers(layout)
    assert server_pids(layout) == []


def test_a_user_found_running_servers_leaves_them_running(layout):
    with servers.using(layout, BOTH):
        before = keeper_pid(layout)
        other = holder(layout, "hold.end()")
        other.communicate()
        assert keeper_pid(layout) == before
        assert answers(layout)


def test_commands_that_begin_at_once_start_one_keeper(layout):
    others = [
        holder(layout, "print(servers.keeper_pid(hold.layout), flush=True); sys.stdin.readline()") for _ in range(4)
    ]
    keepers = [other.stdout.readline() + other.stdout.readline() for other in others]
    for other in others:
        other.communicate("\n")
    assert len(set(keepers)) == 1
    until(lambda: keeper_pid(layout) is None)


def test_servers_stop_when_their_only_user_is_killed(layout):
    other = holder(layout, "sys.stdin.readline()")
    other.stdout.readline()
    assert server_pids(layout)
    other.kill()
    other.communicate()
    until(lambda: keeper_pid(layout) is None and not server_pids(layout))


@pytest.mark.parametrize("victim", [postmaster, lambda layout: server_pids(layout)[-1]], ids=["postgresql", "valkey"])
def test_a_killed_server_is_started_again(layout, victim):
    with servers.using(layout, BOTH):
        ask(layout, "CREATE TABLE kept AS SELECT 7 AS n")
        killed = victim(layout)
        kill(killed)
        until(lambda: killed not in server_pids(layout) and answers(layout))
        assert ask(layout, "SELECT n FROM kept") == [7]


def test_servers_go_when_their_keeper_is_killed_and_come_back(layout):
    with servers.using(layout, BOTH) as hold:
        kill(keeper_pid(layout))
        until(lambda: keeper_pid(layout) is None)
        hold.ensure(BOTH)
        assert answers(layout)


def test_all_killed_at_once_leaves_nothing_that_prevents_the_next_start(layout):
    other = holder(layout, "sys.stdin.readline()")
    other.stdout.readline()
    ask(layout, "CREATE TABLE kept AS SELECT 7 AS n")
    for pid in (keeper_pid(layout), *server_pids(layout), other.pid):
        with suppress(ProcessLookupError):  # it went with the one before
            kill(pid)
    other.communicate()
    until(lambda: keeper_pid(layout) is None)
    assert (layout.postgresql / "postmaster.pid").exists()
    with servers.using(layout, BOTH):
        assert ask(layout, "SELECT n FROM kept") == [7]


def test_a_stale_pid_file_with_a_living_number_is_not_believed(layout):
    with servers.using(layout, BOTH):
        lines = (layout.postgresql / "postmaster.pid").read_text()
    number = str(os.getpid())
    (layout.postgresql / "postmaster.pid").write_text("\n".join([number, *lines.splitlines()[1:]]) + "\n")
    (layout.home / "keeper.lock").write_text(number)
    with servers.using(layout, BOTH):
        assert answers(layout)


def test_a_half_made_database_is_made_anew(empty_layout):
    servers.prepare(empty_layout)
    (empty_layout.home / "pg.new").mkdir()
    (empty_layout.home / "pg.new" / "PG_VERSION").write_text("18\n")
    with servers.using(empty_layout, BOTH):
        assert answers(empty_layout)


def test_data_of_another_major_version_are_refused(layout):
    with servers.using(layout, BOTH):
        pass
    (layout.postgresql / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerTrouble, match="PostgreSQL 16 的数据"):
        servers.use(layout, BOTH)
    assert keeper_pid(layout) is None


def test_a_database_that_cannot_start_is_explained_in_one_sentence(layout):
    with servers.using(layout, BOTH):
        pass
    (layout.postgresql / "local.conf").write_text("shared_buffers = lots\n")
    with pytest.raises(ServerTrouble, match=r"postgresql 没有启动：.*shared_buffers") as refusal:
        servers.use(layout, BOTH)
    assert "\n" not in str(refusal.value)
    assert postgres_pids(layout) == []


@pytest.mark.parametrize("inside", ["file/data", "file"])
def test_a_data_folder_that_is_a_file_is_refused(tmp_path, inside):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ServerTrouble, match=r"数据文件夹 .* 不能使用（.+），请检查"):
        servers.prepare(Layout(tmp_path / inside))


def test_a_folder_the_servers_cannot_reach_gets_a_home_elsewhere(empty_layout):
    layout = empty_layout
    layout.data.chmod(0o700)
    hidden = Layout(layout.data / "hidden")
    with servers.using(hidden, BOTH):
        assert answers(hidden)
    assert (hidden.home == hidden.data) == (os.geteuid() != 0)
    assert layout.data.stat().st_mode & 0o777 == 0o700
    assert str(hidden.data) in (hidden.home / "belongs-to.txt").read_text() if os.geteuid() == 0 else True
    clear(hidden)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user reaches his own folder")
def test_keys_and_logs_of_an_older_folder_go_where_the_web_server_reaches_them(empty_layout):
    hidden = Layout(empty_layout.data / "hidden")
    empty_layout.data.chmod(0o700)
    (hidden.data / "log").mkdir(parents=True)
    (hidden.data / "log" / "web-2026-10.log").write_text("a line")
    (hidden.data / "secrets.json").write_text('{"secret_key": "old"}')
    for _ in range(2):
        runner = servers.prepare(hidden)
        assert hidden.home != hidden.data
        assert (hidden.data / "secrets.json").read_text() == hidden.secrets.read_text() == '{"secret_key": "old"}'
        assert (hidden.data / "log" / "web-2026-10.log").read_text() == "a line"
    assert {path.stat().st_uid for path in (hidden.secrets, hidden.log, *hidden.log.iterdir())} == {runner.uid}
    (hidden.data / "secrets.json").unlink()
    (hidden.data / "secrets.json").write_text('{"secret_key": "restored"}')
    servers.prepare(hidden)
    assert hidden.secrets.read_text() == '{"secret_key": "restored"}'
    clear(hidden)


def test_a_deleted_data_folder_does_not_come_back_with_its_old_database(empty_layout, monkeypatch, capsys):
    monkeypatch.setattr(servers, "SYSTEM_HOME", empty_layout.data / "system")
    (empty_layout.data / "deep").mkdir()
    homes = []
    for _ in range(2):
        link = empty_layout.data / "deep" / "servers"
        link.unlink(missing_ok=True)
        servers.make_home(link.parent, link)
        homes.append(link.resolve())
    assert homes[0] != homes[1]
    assert str(homes[0]) in capsys.readouterr().err


@pytest.mark.parametrize("name", ["deep" * 30, "数据 夹,x'\"@%"], ids=["long", "odd"])
def test_an_unwieldy_path_gets_sockets_elsewhere(empty_layout, name):
    layout = Layout(empty_layout.data / name)
    layout.data.mkdir(mode=0o711)
    with servers.using(layout, BOTH):
        assert answers(layout)
        assert len(str(layout.valkey_socket)) < 100
        assert layout.sockets.stat().st_mode & 0o777 == 0o700
    clear(layout)


def test_a_sockets_folder_open_to_others_is_refused(empty_layout):
    deep = Layout(empty_layout.data / ("deep" * 30))
    deep.sockets.mkdir(mode=0o777)
    deep.sockets.chmod(0o777)
    with pytest.raises(ServerTrouble, match="对别人开放"):
        servers.prepare(deep)
    clear(deep)


def owner_of(pid):
    """Whose process it is; None of one that has ended since it was listed."""
    try:
        return Path(f"/proc/{pid}").stat().st_uid
    except FileNotFoundError:
        return None


def test_the_servers_run_as_the_owner_of_the_data(layout):
    owner = os.geteuid() or 65534  # root can become anybody; others stay who they are
    for path in (layout.postgresql, *layout.postgresql.rglob("*")):
        os.chown(path, owner, -1)
    with servers.using(layout, BOTH):
        assert answers(layout)
        assert {owner_of(pid) for pid in server_pids(layout)} - {None} == {owner}


def test_an_operators_own_values_win_and_stay(layout):
    with servers.using(layout, BOTH):
        assert ask(layout, "SHOW work_mem") != ["5MB"]
    with (layout.postgresql / "local.conf").open("a") as file:
        file.write("work_mem = 5MB\n")
    with servers.using(layout, BOTH):
        assert ask(layout, "SHOW work_mem") == ["5MB"]


def test_damaged_messages_are_put_aside(layout):
    with servers.using(layout, BOTH):
        valkey(layout).set("kept", "8")
    for path in (layout.valkey / "appendonlydir").glob("*.aof"):
        path.write_bytes(b"*3\r\n$3\r\nSET\r\n$-7\r\nnonsense\r\n" * 3)
    with servers.using(layout, BOTH):
        assert valkey(layout).get("kept") is None
    assert (layout.valkey.with_name("valkey.unreadable") / "appendonlydir").is_dir()
    assert "beginning anew" in (layout.log / "keeper.log").read_text()


def test_broker_comes_back_although_its_folder_was_taken_away(layout):
    with servers.using(layout, BOTH):
        [pid] = standing_in(layout.valkey)
        shutil.rmtree(layout.valkey)
        kill(pid)
        until(lambda: answers(layout))
        assert layout.valkey.is_dir()


def test_database_serves_without_a_broker_that_cannot_start(layout):
    (layout.valkey / "valkey.conf").mkdir(parents=True)  # where its settings would have to be written
    with servers.using(layout, BOTH):
        assert ask(layout, "SELECT 1") == [1]


def test_a_start_that_works_is_never_given_up():
    patience = StillFor(seconds=0)
    never = threading.Event()
    for work in range(5):
        never.wait(0.01)
        assert not patience.over(work)
    never.wait(0.01)
    assert patience.over(4)


def test_progress_is_that_of_the_recovery_alone(layout):
    """Asking whether it is ready makes other processes work, and would hide that the recovery is stuck."""
    with servers.using(layout, BOTH):
        server = PostgreSQL(layout, find_programs(find_runner(layout.postgresql)), find_runner(layout.postgresql))
        assert server.progress() == 0
        server.process = SimpleNamespace(pid=postmaster(layout))
        before = server.progress()
        assert before > 0
