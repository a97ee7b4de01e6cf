"""Who runs the servers, and whether that user reaches their programs."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from dongkou import programs
from dongkou.programs import Runner, ServerTrouble

NOBODY = pwd.getpwnam("nobody")
AS_ROOT = os.geteuid() == 0


def myself():
    entry = pwd.getpwuid(os.geteuid())
    return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=False)


def nobody():
    return Runner(NOBODY.pw_name, NOBODY.pw_uid, NOBODY.pw_gid, switched=AS_ROOT)


@pytest.fixture
def users(monkeypatch):
    """A machine with the named system users only, and makers that do what they are told."""

    def machine(names, makers=()):
        made = set(names)

        def run(command, **_options):
            if command[0] in makers:
                made.add(programs.SYSTEM_USER)

        monkeypatch.setattr(programs.shutil, "which", lambda name: f"/sbin/{name}")
        monkeypatch.setattr(programs.subprocess, "run", run)
        monkeypatch.setattr(programs.pwd, "getpwnam", lambda name: made_entry(name, made))

    def made_entry(name, made):
        if name not in made:
            raise KeyError(name)
        return pwd.struct_passwd((name, "x", 4711, 4711, "", "/", "/sbin/nologin"))

    return machine


def test_a_system_user_that_exists_is_used(users):
    users({"dongkou", "nobody"})
    assert programs.system_user().pw_name == "dongkou"


@pytest.mark.parametrize("maker", ["useradd", "adduser"])
def test_a_missing_system_user_is_made_by_whatever_the_machine_has(users, maker):
    users({"nobody"}, makers={maker})
    assert programs.system_user().pw_name == "dongkou"


def test_nobody_stands_in_where_no_user_can_be_made(users):
    users({"nobody"})
    assert programs.system_user().pw_name == "nobody"


def test_a_machine_without_any_is_told_in_one_sentence(users):
    users(set())
    with pytest.raises(ServerTrouble, match="useradd --system dongkou"):
        programs.system_user()


def test_an_ordinary_user_runs_the_servers_himself(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY.pw_uid)
    found = programs.find_runner(tmp_path)
    assert (found.name, found.switched) == ("nobody", False)


def test_reaching_a_folder_is_asked_as_the_user(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert myself().reaches(closed)
    assert nobody().reaches(Path("/"))
    assert nobody().reaches(closed) is not AS_ROOT


def test_a_program_starts_as_the_user_with_a_bare_environment(monkeypatch):
    monkeypatch.setenv("DONGKOU_SECRET_KEY", "not for the database")
    script = "id -u; pwd; env"
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, **nobody().popen_options())
    number, folder, *environment = said.stdout.split("\n")
    assert int(number) == (NOBODY.pw_uid if AS_ROOT else os.geteuid())
    assert folder == "/"
    assert "DONGKOU_SECRET_KEY" not in said.stdout
    assert "LC_ALL=C" in environment


def test_programs_lie_in_the_installed_packages():
    found = programs.find_programs(myself())
    assert (found.postgresql / "postgres").is_file()
    version = subprocess.run([found.postgresql / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert "PostgreSQL) 18." in version.stdout
    assert os.access(found.valkey, os.X_OK)


@pytest.fixture
def hidden_programs(monkeypatch, tmp_path):
    """Programs that their user cannot reach, and a place of our own to copy them to."""
    monkeypatch.setattr(programs, "SYSTEM_HOME", tmp_path / "system")
    monkeypatch.setattr(Runner, "reaches", lambda _runner, _folder: False)
    entry = myself()
    return Runner(entry.name, entry.uid, entry.gid, switched=True)


def test_programs_out_of_reach_are_copied_and_still_run(hidden_programs, tmp_path):
    found = programs.find_programs(hidden_programs)
    assert tmp_path in found.postgresql.parents
    for program in (found.postgresql / "initdb", found.valkey):
        assert subprocess.run([program, "--version"], capture_output=True, check=True).stdout
    assert not (found.postgresql.parent / "include").exists()


def test_programs_are_copied_once(hidden_programs):
    first = programs.find_programs(hidden_programs).valkey.stat()
    assert programs.find_programs(hidden_programs).valkey.stat().st_ino == first.st_ino


def test_a_copy_that_was_broken_off_is_not_taken_for_a_whole(hidden_programs, monkeypatch):
    def broken(*_words, **_more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as half_way:
        half_way.setattr("shutil.copy2", broken)
        with pytest.raises(OSError, match="No space left"):
            programs.find_programs(hidden_programs)
    assert programs.find_programs(hidden_programs).valkey.is_file()


def test_a_machine_without_a_fitting_valkey_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(programs.platform, "machine", lambda: "riscv64")
    with pytest.raises(ServerTrouble, match="REDIS_URL"):
        programs.find_programs(myself())


def test_a_missing_package_is_told_what_to_do():
    with pytest.raises(ServerTrouble, match="script/run"):
        programs.package_folder("no_such_package_here")
