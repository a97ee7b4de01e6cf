"""What a cell tells the kernel about itself, in which order: what it gives up it cannot take back."""

import ctypes
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from households.files import cell_limits
from households.files.cell_limits import MB, PAPER, PICTURE, CellLimits, bound, missing

NOBODY = 65534
PAGES = 1000
NOW = PAGES * os.sysconf("SC_PAGE_SIZE")
UNLIMITED = resource.RLIM_INFINITY


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What a kernel that does nothing was told, by a process of root's with some memory and no limit yet."""
    heard: list[tuple[object, ...]] = []

    def hears(name: str) -> Callable[..., None]:
        return lambda *words: heard.append((name, *words))

    for name in ("nice", "setgroups", "setgid", "setuid"):
        monkeypatch.setattr(os, name, hears(name))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(prctl=hears("prctl")))
    monkeypatch.setattr(resource, "setrlimit", lambda what, both: heard.append((what, *both)))
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (UNLIMITED, UNLIMITED))
    monkeypatch.setattr(Path, "read_bytes", lambda _path: b"%d 7 7" % PAGES)
    return heard


def amounts(told: list[tuple[object, ...]]) -> dict[object, object]:
    """The limits that were set, both alike."""
    found = {what: (soft, hard) for what, soft, hard in (each for each in told if isinstance(each[0], int))}
    assert all(soft == hard for soft, hard in found.values())
    return {what: soft for what, (soft, _hard) in found.items()}


def test_cell_gives_up_all_before_it_is_bound(told: list[tuple[object, ...]]) -> None:
    bound(CellLimits(cpu=5, deadline=15, memory=320 * MB, answer=32 * MB))
    assert told[:6] == [
        ("nice", 10),
        ("prctl", 1, signal.SIGKILL, 0, 0, 0),
        ("prctl", 38, 1, 0, 0, 0),
        ("setgroups", []),
        ("setgid", NOBODY),
        ("setuid", NOBODY),
    ]
    nothing = dict.fromkeys(
        (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC), 0
    )
    assert amounts(told) == nothing | {resource.RLIMIT_CPU: 5, resource.RLIMIT_AS: NOW + 320 * MB}


def test_lower_limit_of_the_operator_stays(told: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (7, 7))
    bound(PAPER)
    assert {amounts(told)[what] for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)} == {7}
    assert amounts(told)[resource.RLIMIT_NOFILE] == 0


def test_who_is_not_root_becomes_nobody_else(told: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bound(PICTURE)
    assert [each for each in told if str(each[0]).startswith("set")] == []
    assert len(amounts(told)) == 6


def test_other_limits_hold_where_a_system_lacks_some(
    told: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    monkeypatch.delattr(resource, "RLIMIT_NPROC")

    def unreadable(_path: Path) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_bytes", unreadable)
    assert missing() == ["RLIMIT_NPROC"]
    bound(PICTURE)
    assert amounts(told)[resource.RLIMIT_AS] == 256 * MB + PICTURE.memory
    assert (len(amounts(told)), [each for each in told if each[0] == "prctl"]) == (5, [])


def test_step_that_is_refused_keeps_nobody_from_the_next(
    told: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object) -> None:
        raise PermissionError

    for name in ("nice", "setgroups"):
        monkeypatch.setattr(os, name, refuse)
    bound(PICTURE)
    assert len(amounts(told)) == 6


@pytest.mark.parametrize(
    ("name", "seconds", "megabytes", "nice"),
    [
        ("PICTURE", (5, 15), (320, 32), 10),
        ("PAPER", (10, 30), (320, 32), 10),
        ("LIST", (15, 45), (640, 64), 10),
        ("COUNTY", (120, 400), (3072, 512), 10),
        ("REGISTER", (900, 1800), (8192, 1024), 0),
    ],
)
def test_what_is_asked_for_is_what_was_measured(
    name: str, seconds: tuple[int, int], megabytes: tuple[int, int], nice: int
) -> None:
    limits: CellLimits = getattr(cell_limits, name)
    assert (limits.cpu, limits.deadline) == seconds
    assert (limits.memory, limits.answer, limits.nice) == (megabytes[0] * MB, megabytes[1] * MB, nice)
