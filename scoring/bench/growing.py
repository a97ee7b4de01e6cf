"""What more workers are worth, and what a county costs: disk and processor of a month more, told for a year."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from django.db import connections

from households.months import Month, shift
from households.sql import column, run
from scoring.bench import world
from scoring.bench.jobs import UnequalRows
from scoring.bench.results import Result, took
from scoring.bench.stage import Stage, seconds
from scoring.freezing import Frozen, freeze_share
from scoring.rankings import snapshots
from scoring.rollup import marks, rollup

WORTH = 0.8  # of a worker more
HUNDRED_THOUSAND, YEAR = 100_000, 12
MEGABYTE = 1024 * 1024
_POSTED = "UPDATE scoring_sheet SET state = 'posted', posted_at = now() - interval '1 year' WHERE period_id = %(month)s"
_SIZE = "SELECT pg_database_size(current_database())"

Share = Callable[[Month, str], object]
Prepare = Callable[[Month], object]


def sharing_jobs(stage: Stage, month: Month) -> Iterator[Result]:
    """The roll-up of a county of which every household has to be written, and its freezing: by one worker, and by as many as cores."""
    workers = len(os.sched_getaffinity(0))
    for job, prepare, share in (("全县汇总", _mark_all, rollup.roll_up_township), ("全县锁定", _post, _freeze)):
        alone, shared = (_taken(stage, month, prepare, share, number) for number in (1, workers))
        yield Result(
            f"{job}，{workers} 个工人分着做",
            took(shared),
            f"{took(alone)} 一个工人",
            f"{alone / shared:.2f}",
            f"≥ {WORTH * workers:g}",
            alone / shared >= WORTH * workers,
        )


def cost_job(stage: Stage, month: Month) -> Result:
    """A month more of a county that has one: declared, summed up, posted, frozen."""
    stage.copy("run", of="declared")
    _close(month)
    run("VACUUM ANALYZE")
    households, size, spent = column("SELECT count(*) FROM households_household")[0], column(_SIZE)[0], _spent()
    other = shift(month, -1)
    world.add_month(other)
    _close(other)
    worked = _spent() - spent
    run("VACUUM ANALYZE")
    grown = (column(_SIZE)[0] - size) * YEAR * HUNDRED_THOUSAND / households / MEGABYTE
    return Result(
        "一个县一年（每 10 万户）",
        f"磁盘 {grown:,.0f} MB，处理器 {worked * YEAR * HUNDRED_THOUSAND / households:.0f} 秒",
        f"{households:,} 户量一个月",
        "",
        "仅供参考",
        None,
    )


def _taken(stage: Stage, month: Month, prepare: Prepare, share: Share, workers: int) -> float:
    """Seconds for all townships of a declared month, each of them on a connection of its own."""
    stage.copy("run", of="declared")
    prepare(month)
    places = _townships(month)

    def act(place: str) -> None:
        try:
            share(month, place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return seconds(lambda: list(pool.map(act, places)))


def _close(month: Month) -> None:
    """From declared to frozen, as the workers do it."""
    _post(month)
    for share in (rollup.roll_up_township, _freeze):
        for township in _townships(month):
            share(month, township)
    if left := snapshots.counties_behind(month):
        raise UnequalRows(f"没有锁定完：{'、'.join(left)}")


def _freeze(month: Month, township: str) -> Frozen:
    return freeze_share(month, township, on=date.max)


def _mark_all(month: Month) -> None:
    """Every place has its line, as in any month that has begun, and everything is to be done again."""
    rollup.roll_up(month)
    run("DELETE FROM scoring_householdscore WHERE month = %(month)s", {"month": month})
    marks.touch_all(month)


def _post(month: Month) -> None:
    run(_POSTED, {"month": month})


def _townships(month: Month) -> list[str]:
    return column(
        "SELECT DISTINCT left(village_id, 9) AS t FROM scoring_sheet WHERE period_id = %(month)s ORDER BY t",
        {"month": month},
    )


def _spent() -> float:
    """Seconds of the processor that this process and its own backend have taken so far."""
    ticks = (
        Path(f"/proc/{column('SELECT pg_backend_pid()')[0]}/stat")
        .read_text(encoding="ascii")
        .rpartition(")")[2]
        .split()
    )
    return time.process_time() + sum(map(int, ticks[11:13])) / os.sysconf("SC_CLK_TCK")
