"""``manage.py`` on a data folder: its servers are found, started and left as they were."""

import os

import pytest

from dongkou import servers
from dongkou.layout import BASE_DIR
from dongkou.servers import keeper_pid
from tests.dongkou.setup.folders import BOTH, answers, server_pids
from tests.processes import manage


@pytest.fixture
def operator(layout):
    """Run a command on the data folder, with nothing else in the environment that could matter."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("DONGKOU_", "DJANGO_"))}
    return lambda *words, **more: manage(*words, env={**plain, "DONGKOU_DATA": str(layout.data), **more})


def test_a_command_starts_the_servers_and_stops_them(operator, layout):
    done = operator("showmigrations", "contenttypes")
    assert done.returncode == 0
    assert "[ ] 0001_initial" in done.stdout
    assert keeper_pid(layout) is None
    assert server_pids(layout) == []


def test_a_command_leaves_running_servers_running(operator, layout):
    with servers.using(layout, BOTH):
        before = keeper_pid(layout)
        assert operator("showmigrations", "contenttypes").returncode == 0
        assert keeper_pid(layout) == before
        assert answers(layout)


def test_a_failed_command_stops_the_servers_too(operator, layout):
    assert operator("migrate", "no_such_app").returncode == 1
    assert keeper_pid(layout) is None


def test_wrong_arguments_end_with_2(operator):
    assert operator("migrate", "--no-such-option").returncode == 2


def test_help_starts_nothing(operator, layout):
    assert operator("migrate", "--help").returncode == 0
    assert not (layout.home / "keeper.lock").exists()


def test_an_unusable_data_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = manage("check", env={**os.environ, "DONGKOU_DATA": str(tmp_path / "file" / "x")})
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "不能使用" in done.stderr


def test_real_servers_in_the_environment_start_nothing(operator, layout):
    done = operator("check", DATABASE_URL="postgresql://u@127.0.0.1:1/d", REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 0, done.stderr
    assert not (layout.home / "keeper.lock").exists()


def test_commands_work_from_any_folder_and_by_their_own_path(operator, layout):
    done = operator("version", PWD="/")
    assert done.returncode == 0
    assert (BASE_DIR / "manage.py").stat().st_mode & 0o111
