"""What `script/chaos --calm` notices: a process that grows, an answer that is none; a real process's memory is read."""

import mmap
import os
from collections import Counter

import pytest

from script.run_chaos import arguments
from tests.attack.chaos.calm import MEGABYTE, Held, held, own_memory, table

WEB, WORKER = 7, 8


def looks(*figures: dict[int, int]) -> list[tuple[float, dict[int, int]]]:
    return [
        (float(at), {pid: megabytes * MEGABYTE for pid, megabytes in memory.items()})
        for at, memory in enumerate(figures)
    ]


def test_what_is_loaded_while_warming_up_is_no_growth() -> None:
    seen = looks({WEB: 10}, {WEB: 90}, {WEB: 100}, *[{WEB: 100}] * 6, {WEB: 104})
    [one] = held(seen, {WEB: "web"})
    assert (one.before, one.after, round(one.growth, 2)) == (100 * MEGABYTE, 104 * MEGABYTE, 0.04)


def test_who_came_later_or_went_is_not_compared() -> None:
    seen = looks(*[{WEB: 100}] * 5, *[{WEB: 100, WORKER: 50}] * 5)
    assert [one.pid for one in held(seen, {WEB: "web", WORKER: "worker"})] == [WEB]
    assert held([], {}) == []


def test_growth_and_answers_that_are_none_are_wrong() -> None:
    times = [("GET /rankings/2024-05/village/", 0.1), ("GET /rankings/2024-06/village/", 0.3), ("POST /x/", 0.2)]
    told, wrong = table(times, Counter({200: 3, 503: 1}), [Held(WEB, "web", 100 * MEGABYTE, 106 * MEGABYTE)])
    assert "| GET /rankings/…/village/ | 2 | 200 ms |" in told
    assert wrong == ["web 7 grew by 6.0%", "1 answers of 503"]


def test_little_that_is_much_of_nothing_is_no_growth() -> None:
    _told, wrong = table([], Counter(), [Held(WEB, "web", MEGABYTE, 1.5 * MEGABYTE)])
    assert wrong == []
    assert table([], Counter(), [])[1] == ["no process was there from beginning to end"]


def test_own_memory_is_that_of_the_process() -> None:
    before = own_memory(os.getpid())
    with mmap.mmap(-1, 32 * MEGABYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as more:
        more.write(b"x" * (32 * MEGABYTE))
        assert own_memory(os.getpid()) - before > 30 * MEGABYTE
    assert own_memory(2**22 + 1) == 0


def test_calm_is_asked_for_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments(["10", "1", "--calm"]).calm
    assert not arguments(["10", "1"]).calm
    with pytest.raises(SystemExit):
        arguments(["0", "--calm"])
    assert "some seconds" in capsys.readouterr().err
