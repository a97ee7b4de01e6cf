"""The jobs of design section 14 that are measured against hand-written SQL, and the one that must not grow."""

import io
import statistics
from datetime import date
from functools import partial
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from households.codes import township_of
from households.imports.households import import_households
from households.months import Month, last_day
from households.sql import column, rows, run
from scoring.bench import bare, world
from scoring.bench.results import Result, ratio, took
from scoring.bench.stage import Act, Stage, duel, seconds
from scoring.bench.world import Shape
from scoring.checks.points import OF_POINTS
from scoring.freezing import freeze
from scoring.rollup import marks, rollup

CHANGES = 15  # one after the other, in villages spread over the county
GROWTH = 1.3
VERIFIED = 60.0  # seconds for 100,000 entries at most
VERIFYING = 4
ONE_VILLAGE = 0.050  # seconds
# Rows that both sides must leave alike; times and numbers given by the database are no part of it.
_LEFT = """
    SELECT md5(string_agg(concat_ws(' ', {columns}), ';' ORDER BY {columns})) FROM {table}
"""
SCORES = {
    "scoring_householdscore": "month, code, score, bonus, broken",
    "scoring_divisionscore": "month, code, active, households, total, adjustment, six_zero, events",
    "scoring_departmentscore": "month, department_code, households, total, active",
}
POINTS = {
    "scoring_account": "owner_kind, owner, balance, held, owed",
    "scoring_pointentry": "chain, seq, month, year, amount, held, owed, kind, source_key, text",
    "scoring_ledgerhead": "chain, seq",
}


class UnequalRows(Exception):
    """The two sides did not write the same rows: their times must not be compared."""


def import_job(stage: Stage, runs: int, shape: Shape) -> Result:
    """The county's register from CSV, validated, against COPY of the rows that it makes."""
    stage.copy("run", of="divisions")
    text = world.register(shape)
    groups, households = io.BytesIO(), io.BytesIO()

    def ours() -> None:
        report = import_households(name="register.csv", data=text, today=timezone.localdate())
        if report.refused:
            raise UnequalRows(report.sentence)

    ours()
    _copy("COPY (SELECT * FROM households_division WHERE length(code) = 14) TO STDOUT", groups)
    _copy("COPY households_household TO STDOUT", households)

    def copy() -> None:
        _copy("COPY households_division FROM STDIN", groups)
        _copy("COPY households_household FROM STDIN", households)

    taken = duel(stage, "divisions", ours, copy, runs)
    return ratio("导入户名册（含核对、加密、拼音）", *taken, at_most=5, what="COPY")


def _copy(sql: str, stream: io.BytesIO) -> None:
    stream.seek(0)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(sql, stream)


def roll_up_jobs(stage: Stage, month: Month, runs: int) -> list[Result]:
    """A month's first roll-up against plain INSERTs, and a second one that finds nothing to write."""

    def ours() -> None:
        rollup.roll_up(month)

    def by_hand() -> None:
        bare.roll_up(month)

    check_same_rows(stage, ours, by_hand, SCORES)
    taken = duel(stage, "declared", ours, by_hand, runs)
    stage.copy("run", of="declared")
    ours()
    again = [seconds(lambda: rollup.roll_up(month, full=True)) for _ in range(runs)]
    return [
        ratio("全县汇总，首次", *taken, at_most=1.5, what="手写 SQL"),
        ratio("全县汇总，重算而无变化", statistics.median(again), taken[1], at_most=1.5, what="手写 SQL（首次）"),
    ]


def freeze_job(stage: Stage, month: Month, runs: int) -> Result:
    """Scores, points, ranks and snapshots of a declared month, all in one go."""

    def ours() -> None:
        freeze(month=month, on=date.max, force=True)

    def by_hand() -> None:
        bare.freeze(month)

    check_same_rows(stage, ours, by_hand, SCORES | POINTS)
    taken = duel(stage, "declared", ours, by_hand, runs)
    return ratio("全县锁定（得分、积分、名次、存档）", *taken, at_most=2, what="手写 SQL")


def verify_job(stage: Stage, month: Month) -> Result:
    """Every invariant of points, over what a freezing of the county has written, against one look at each row."""
    stage.copy("run", of="declared")
    freeze(month=month, on=date.max, force=True)
    [(entries,)] = rows("SELECT count(*) FROM scoring_pointentry")
    once = seconds(bare.hash_entries)
    taken = seconds(lambda: [rows(invariant.sql) for invariant in OF_POINTS])
    allowed = VERIFIED * entries / 100_000
    return Result(
        f"核对账链和余额（{entries:,} 行）",
        took(taken),
        f"{took(once)} 每行只算一遍哈希",
        f"{taken / once:.2f}",
        f"≤ {VERIFYING}，≤ {took(allowed)}",
        taken <= allowed and taken / once <= VERIFYING,
    )


def check_same_rows(stage: Stage, ours: Act, by_hand: Act, tables: dict[str, str]) -> None:
    """Raise UnequalRows unless both leave the same rows behind."""
    left = []
    for act in (ours, by_hand):
        stage.copy("run", of="declared")
        act()
        left.append({table: column(_LEFT.format(table=table, columns=columns)) for table, columns in tables.items()})
    differing = [table for table in tables if left[0][table] != left[1][table]]
    if differing:
        raise UnequalRows(f"两边写出的行不同：{'、'.join(differing)}")


def change_jobs(stage: Stage, month: Month, sizes: list[int], shape: Shape) -> list[Result]:
    """One village's change rolled up, in ever bigger worlds: as many counties as `sizes` say, while there is time."""
    stage.copy("growing", of="declared")
    results, there, first = [], 1, 0.0
    for size in sizes:
        if size > 1 and stage.late:
            break
        if size > there:
            world.add_counties(shape, there, size)
            world.add_month(month, there, size)
            world.analyze()
        there = size
        rollup.roll_up(month)
        taken = change(month)
        first = first or taken
        results.append(_grown(shape.households * size, taken, first))
    return results


def _grown(households: int, taken: float, first: float) -> Result:
    return Result(
        f"一个村有变化（全部 {households:,} 户）",
        took(taken),
        f"{took(first)} 一个县时",
        f"{taken / first:.2f}",
        f"≤ {GROWTH}，≤ 50 ms",
        taken <= ONE_VILLAGE and taken / first <= GROWTH,
    )


def change(month: Month) -> float:
    """Median seconds from a mark to figures that are right at every level."""
    villages = column("SELECT code FROM households_division WHERE length(code) = 12 ORDER BY hashtext(code)")
    times = []
    for village in villages[: CHANGES + 1]:
        _record(month, village)
        times.append(seconds(partial(rollup.roll_up_township, month, township_of(village))))
    return statistics.median(times[1:])  # the first one warms up


def _record(month: Month, village: str) -> None:
    """One more deduction on the village's first household, straight into the table."""
    [(household,)] = rows("SELECT min(code) FROM households_household WHERE code > %(v)s", {"v": village})
    sql = """
        INSERT INTO scoring_scoreevent (op_id, period_id, code, clause_id, indicator, kind, points, date, document_no, note,
                                        source, sheet_version, recorded_at, confirmed_at, withdraw_reason)
        SELECT %(op)s, %(month)s, %(code)s, min(id), 2, 'deduct', 1, %(day)s, '', '', 'import', 1, now(), now(), ''
        FROM scoring_clause
    """
    run(sql, {"op": str(uuid4()), "month": month, "code": household, "day": last_day(month)})
    marks.touch(month, [household])
