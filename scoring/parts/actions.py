"""Laying household scores out by month, taking months out into files, and back. Tables are changed by their owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from households import audit
from households.months import Month
from households.refusals import Refused
from households.sql import column, rows, run
from scoring.models import ArchivedMonth, Objection, Period, Sheet
from scoring.parts import files
from scoring.parts.rules import archivable_before, file_of, part_of

_COLUMNS = "month, code, score, bonus, broken"
_MONTHS = """
    SELECT p.month FROM scoring_period p
    WHERE p.month < %s AND EXISTS (SELECT FROM scoring_householdscore s WHERE s.month = p.month) ORDER BY 1
"""
# What might still move a month, each as a count: villages that are signed for and not frozen, counties whose freezing has not
# finished, places that wait to be computed again, corrections that wait for a decision.
_MOVING = """
    SELECT (SELECT count(*) FROM scoring_sheet WHERE period_id = %(month)s AND state NOT IN ('open', 'frozen')),
           (SELECT count(*) FROM scoring_sheet WHERE period_id = %(month)s AND state = 'frozen' AND archived_in IS NULL),
           (SELECT count(*) FROM scoring_mark WHERE month = %(month)s),
           (SELECT count(*) FROM scoring_adjustment WHERE period_id = %(month)s AND state = 'asked')
"""
_WHY = (
    "还有 {} 个村申报了没有锁定",
    "有 {} 个村的锁定还没有做完",
    "有 {} 处在等汇总",
    "有 {} 件更正在等决定",
    "有 {} 件异议没有办完",
)
# By the lines of divisions, and by the rows themselves.
_HOUSEHOLDS = """
    SELECT (SELECT coalesce(sum(households), 0) FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = 12),
           (SELECT count(*) FROM scoring_householdscore WHERE month = %(month)s)
"""
_DIFFERENT = """
    SELECT count(*) FROM {part} a FULL JOIN read_back b ON b.month = a.month AND b.code = a.code
    WHERE (a.score, a.bonus, a.broken) IS DISTINCT FROM (b.score, b.bonus, b.broken)
"""


@dataclass(frozen=True, slots=True)
class Laid:
    """Months that were given a part; whether somebody was at work on the table, so that the rest waits."""

    months: list[Month]
    busy: bool = False


def lay_out() -> Laid:
    """Give every month whose scores lie in the rest a part of its own, and the months to come one beforehand.

    Each month by itself, so nobody waits longer than one takes (a county's 231,868 rows: some two seconds). Harmless when
    repeated; whoever is at work on the table for long is left alone until the next time.
    """
    done: list[Month] = []
    try:
        while month := column("SELECT scoring_lay_out()")[0]:
            done.append(month)
    except OperationalError as busy:
        _must_be_held_up(busy)
        return Laid(done, busy=True)
    return Laid(done)


def months_before(before: Month) -> list[Month]:
    """Months before that one of which household scores lie in the database. Refuses a later one than may be archived."""
    first_kept = archivable_before(timezone.localdate())
    if before > first_kept:
        raise Refused(
            "too_young",
            f"只能存 {first_kept} 以前的月份：以后各月的积分还没有到期。",
            hint=f"请写 {first_kept} 或更早。",
        )
    return column(_MONTHS, [before])


def check_settled(month: Month) -> int:
    """How many households the month holds. Refuses when something might still move one of them, or its sums are not theirs."""
    [counts] = rows(_MOVING, {"month": month})
    objections = Objection.objects.blocking().filter(period=month).count()
    waits = [why.format(count) for why, count in zip(_WHY, (*counts, objections), strict=True) if count]
    if waits:
        raise Refused("not_settled", f"{month} 没有存：{'，'.join(waits)}。")
    [(said, found)] = rows(_HOUSEHOLDS, {"month": month})
    if said != found:
        raise Refused(
            "not_whole",
            f"{month} 没有存：各村合计 {said} 户，户得分有 {found} 行。",
            hint=f"请先运行 manage.py verify --month {month}。",
        )
    return int(found)


def archive(*, month: Month, folder: Path) -> ArchivedMonth:
    """Take a settled month out into a file of the folder: written, read back and compared, and only then dropped.

    Its divisions keep their lines. As the owner of the tables. Refuses what is not settled, and while somebody is at work
    on the table for long; then nothing has changed.
    """
    path, part = folder / file_of(month), part_of(month)
    with _briefly():
        _hold(month)
        run("SELECT scoring_give_part(%s)", [month])
    with _briefly():
        _hold(month)
        run(f"LOCK TABLE {part} IN SHARE MODE")
        households = check_settled(month)
        with files.written(path) as file, connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY (SELECT {_COLUMNS} FROM {part} ORDER BY code) TO STDOUT (FORMAT csv, HEADER)", file
            )
        _read_back(path, part, households)
        run(f"ALTER TABLE scoring_householdscore DETACH PARTITION {part}")
        run(f"DROP TABLE {part}")
        kept = ArchivedMonth.objects.create(
            month=month, households=households, file=path.name, digest=files.digest_of(path)
        )
        audit.record(None, "month.archive", subject=month, accounts=households, digest=kept.digest)
    return kept


def restore(path: Path) -> ArchivedMonth:
    """Bring a month back from its file, known by its bytes. As the owner of the tables. Refuses every other file."""
    digest = files.digest_of(path)
    kept = ArchivedMonth.objects.filter(digest=digest, restored_at__isnull=True).first()
    if kept is None:
        raise Refused("file_unknown", f"{path} 不是现在存着的月份的文件，或者内容变过，没有取回。")
    part = part_of(kept.month)
    with _briefly():
        kept = ArchivedMonth.objects.select_for_update().get(pk=kept.pk)
        if kept.restored_at:
            raise Refused("restored", f"{kept.month} 已经取回了。", status=409)
        run(f"CREATE TABLE {part} (LIKE scoring_householdscore INCLUDING ALL)")
        _copy_in(path, part)
        [found] = column(f"SELECT count(*) FROM {part}")
        if found != kept.households:
            raise Refused("not_whole", f"{path} 有 {found} 户，存的时候是 {kept.households} 户，没有取回。")
        run(f"ANALYZE {part}")
        run(f"ALTER TABLE scoring_householdscore ATTACH PARTITION {part} FOR VALUES IN (%s)", [kept.month])
        kept.restored_at = timezone.now()
        kept.save(update_fields=["restored_at"])
        audit.record(None, "month.restore", subject=kept.month, accounts=kept.households, digest=kept.digest)
    return kept


def _hold(month: Month) -> None:
    """Nobody signs for a village, freezes or puts right in the month until we are through, and no sheet comes into being.

    Refuses a month that is archived already: two who archive at once do so one after the other.
    """
    Period.objects.select_for_update().get(month=month)
    if ArchivedMonth.objects.filter(month=month, restored_at__isnull=True).exists():
        raise Refused("archived", f"{month} 已经存档了。", status=409)
    list(Sheet.objects.select_for_update().filter(period=month).order_by("pk").values_list("pk"))


def _read_back(path: Path, part: str, households: int) -> None:
    """Refuse unless the file, read from the disk anew, holds exactly the rows of the part."""
    run(f"CREATE TEMPORARY TABLE read_back (LIKE {part}) ON COMMIT DROP")
    _copy_in(path, "read_back")
    different, back = column(_DIFFERENT.format(part=part))[0], column("SELECT count(*) FROM read_back")[0]
    run("DROP TABLE read_back")
    if different or back != households:
        raise Refused("not_same", f"{path} 读回来和库里不一样，没有存。", hint="请查看这个磁盘。")


def _copy_in(path: Path, table: str) -> None:
    with files.opened(path) as file, connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({_COLUMNS}) FROM STDIN (FORMAT csv, HEADER)", file)


@contextmanager
def _briefly() -> Iterator[None]:
    """One transaction that waits three seconds for whoever is at work on the table, so that nobody waits behind it for long."""
    try:
        with transaction.atomic():
            run("SET LOCAL lock_timeout = '3s'")
            yield
    except OperationalError as busy:
        _must_be_held_up(busy)
        raise Refused("busy", "有人正在用户得分表，没有做。", hint="请过一会儿再试，夜里最空。", status=409) from busy


def _must_be_held_up(fault: OperationalError) -> None:
    """By somebody else's work on the table; any other fault goes on."""
    if not isinstance(fault.__cause__, LockNotAvailable | DeadlockDetected):
        raise fault
