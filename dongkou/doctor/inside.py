"""What the doctor looks at in the database, and by it: schema, rights, triggers, clock, workers, jobs, alarms, holidays."""

import re
import time
from collections.abc import Iterator
from datetime import datetime

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dongkou import database_roles, servers, signs
from dongkou.acting import not_separated
from dongkou.doctor.findings import DoctorFinding, bad, look, well
from dongkou.guards import Mismatch, refuse_unfit, refuse_unmigrated
from dongkou.replicas.replica import replicas, written
from dongkou.running.page import LABELS, QUEUES, is_overdue
from dongkou.schedule import SCHEDULE
from households.clock import doubts
from households.jobs import reads
from households.models import Alarm, JobOutcome, User
from households.sql import column, rows
from households.trail.tables import TABLES, name_of
from households.workdays.reads import standing

TRIED_VERSIONS = range(15, 19)
SKEW_SECONDS = 5
FAR_BYTES = 64 * 1024 * 1024  # of the log; a county's roll-up writes half of that
NOTICE_MONTH = 11  # the State Council says next year's holidays by then
_WATCHED = """
    SELECT c.relname FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE starts_with(p.proname, 'trail_of_') AND t.tgenabled <> 'D' AND NOT t.tgisinternal
"""
_DISABLED = """
    SELECT t.tgname || '（' || c.relname || '）' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgenabled = 'D' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
_HELD = """
    SELECT relation, held FROM unnest(%s, %s) AS asked (relation, held)
    WHERE has_table_privilege(current_user, relation, held)
"""


def schema() -> Iterator[DoctorFinding]:
    """The server's version, the schema, the keys. Nothing else is asked when these do not fit."""
    try:
        refuse_unfit()
        refuse_unmigrated()
    except Mismatch as trouble:
        yield bad("数据库", str(trouble).rstrip("。"), "改好后再运行 manage.py doctor")
        return
    version = int(connection.connection.server_version) // 10000
    told = f"PostgreSQL {version}，结构和密钥都对得上"
    if version in TRIED_VERSIONS:
        yield well("数据库", told)
    else:
        yield look("数据库", told, f"这个版本没有试过，试过的是 {TRIED_VERSIONS[0]} 到 {TRIED_VERSIONS[-1]}")


def standbys() -> Iterator[DoctorFinding]:
    """Nothing where none is named."""
    for number, one in enumerate(replicas().replicas, start=1):
        one.look()
        what, missing = f"第 {number} 台备库", written() - one.replayed
        if one.replayed < 0:
            yield bad(what, "没有回答，或者已经不是备库", "网页由主库回答，照常；请看那台机器上 PostgreSQL 的日志")
        elif missing > FAR_BYTES:
            yield look(what, f"还差 {missing >> 20} MB", "差得多的时候网页不从它读；请看网络和那台机器的磁盘")
        else:
            yield well(what, "跟得上")


def rights() -> Iterator[DoctorFinding]:
    """That the application may not change what is never changed, by right and by trigger."""
    if sentence := not_separated():
        yield look("数据库帐号", sentence.rstrip("。"), "请由数据库管理员运行 manage.py database_roles 打出的语句")
    else:
        with connection.cursor() as cursor:
            cursor.execute(database_roles.TRIGGERS)
            orders = database_roles.exceptions(cursor.fetchall(), "x")
        revoked = sorted(set(_revoked(orders)))
        held = rows(_HELD, [[table for table, _ in revoked], [right for _, right in revoked]])
        too_much = sorted(f"{table} 的 {right}" for table, right in held)
        if too_much:
            yield bad("数据库帐号", f"网站的帐号多了权限：{_few(too_much)}", "请运行 manage.py migrate，它会重新给权限")
        else:
            yield well("数据库帐号", "网站的帐号只能读写，改不了只增不改的记录")
    if off := column(_DISABLED):
        yield bad(
            "触发器", f"被停用了：{_few(off)}", "请数据库管理员启用（ALTER TABLE … ENABLE TRIGGER），并查是谁停的"
        )
    elif missing := sorted(set(TABLES) - set(column(_WATCHED))):
        yield bad(
            "触发器", f"没有留痕的表：{_few([name_of(one) for one in missing])}", "请恢复到最近的备份，并查是谁删的"
        )
    else:
        yield well("触发器", f"{len(TABLES)} 张表都在留痕")


def _revoked(orders: list[str]) -> Iterator[tuple[str, str]]:
    """Tables and rights that are taken back as a whole."""
    for order in orders:
        if found := re.fullmatch(r"REVOKE ([A-Z, ]+) ON (\w+) FROM .*", order):
            yield from ((found[2], right.strip()) for right in found[1].split(","))


def _few(names: list[str]) -> str:
    return "、".join(names[:3]) + (f" 等 {len(names)} 项" if len(names) > 3 else "")


def clock() -> Iterator[DoctorFinding]:
    """This host's clock against the database's, and both against what is known."""
    state = doubts.state()
    if state.why:
        yield bad("时间", state.why.rstrip("。"), "请核对时间；时间对，就运行 manage.py clock --go-on")
        return
    [(now,)] = rows("SELECT extract(epoch FROM clock_timestamp())")
    skew = time.time() - float(now)
    if abs(skew) > SKEW_SECONDS:
        yield look("时间", f"本机和数据库差 {skew:.0f} 秒", "请在各台机器上装 chrony 对时")
    else:
        yield well("时间", f"和数据库相差不到 {SKEW_SECONDS} 秒")


def workers() -> Iterator[DoctorFinding]:
    """Somebody for each queue, and beat."""
    try:
        unserved, beat = signs.unserved(), signs.seen()["beat"]
    except redis.RedisError:
        yield bad("工作进程", "不知道，消息服务没有回应", "先看消息服务")
        return
    start = "请启动 script/run" if servers.needed().any() else "请启动 dongkou-worker、dongkou-beat 服务"
    for name in unserved:
        yield bad(
            "工作进程", f"队列 {name}（{QUEUES[name]}）没有人办", f"{start}（manage.py serve worker --queues {name}）"
        )
    if not unserved:
        yield well("工作进程", "每个队列都有人办")
    if beat:
        yield well("定时器", "在跑")
    else:
        yield bad("定时器", "没有在跑，定时的事都不会办", start)


def jobs(now: datetime) -> Iterator[DoctorFinding]:
    """What is overdue, and what came out badly the last time."""
    known = reads.last_runs([entry["task"] for entry in SCHEDULE.values()])
    fine = True
    for entry in SCHEDULE.values():
        run, label = known.get(entry["task"]), LABELS[entry["task"]]
        if run is None:
            continue
        told = f"{label}，上次 {timezone.localtime(run.begun_at):%Y-%m-%d %H:%M}"
        if is_overdue(entry["schedule"], run, now):
            fine = False
            yield bad("定时的事", f"过了时间没有办：{told}", "看工作进程和定时器，再看运行情况")
        elif run.outcome in (JobOutcome.FAILED, JobOutcome.DRIFT):
            fine = False
            yield bad(
                "定时的事", f"{JobOutcome(run.outcome).label}：{told}", "看运行情况里的说明和日志 log/worker-*.log"
            )
    if fine:
        yield well("定时的事", f"{len(known)} 项都按时")


def alarms() -> Iterator[DoctorFinding]:
    """Integrity alarms that stand."""
    standing_ones = Alarm.objects.open().count()
    if standing_ones:
        yield bad("核对报警", f"有 {standing_ones} 条", "请管理员在“核对报警”里看，并运行 manage.py verify")
    else:
        yield well("核对报警", "没有")


def year_to_come(now: datetime) -> Iterator[DoctorFinding]:
    """Next year's holidays, once they can be known."""
    today = timezone.localtime(now).date()
    years = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    for year in years:
        if standing(year).source == "law":
            told = f"{year} 年的放假安排还没有，信访期限会算错"
            yield look("放假安排", told, f"国务院通知发布后，请县六零办录入，或运行 manage.py arrange_year {year}")
        else:
            yield well("放假安排", f"{year} 年的有了")


def people() -> Iterator[DoctorFinding]:
    """Demo accounts have no business where the address is a public one."""
    demo = User.objects.filter(is_demo=True, is_active=True).count()
    if demo and not settings.PUBLIC_URL.startswith(("http://127.0.0.1", "http://localhost")):
        yield bad("演示账号", f"有 {demo} 个，密码写在文件里", "正式使用请用 --demo none 另建数据文件夹")
