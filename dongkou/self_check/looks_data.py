"""What the machine can see of records, sealed columns and components."""

import platform
import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import metadata

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dongkou.doctor.findings import DoctorFinding, bad, look, well
from dongkou.layout import BASE_DIR
from dongkou.logs import KEEP_DAYS
from dongkou.resealing import sealed_tables
from households.jobs.reads import last_runs
from households.models import AuditEvent, JobOutcome, TrailSeal
from households.sealing.suites import Suite, suite_of
from households.sql import row, rows

HALF_A_YEAR = timedelta(days=183)
SEAL_LATE = timedelta(hours=1)
SAMPLE = 200  # values of a column that are looked at
# Until when the makers mend what is found.
PYTHON_UNTIL = {
    "3.11": date(2027, 10, 31),
    "3.12": date(2028, 10, 31),
    "3.13": date(2029, 10, 31),
    "3.14": date(2030, 10, 31),
}
POSTGRESQL_UNTIL = {15: date(2027, 11, 11), 16: date(2028, 11, 9), 17: date(2029, 11, 8), 18: date(2030, 11, 14)}
SOON = timedelta(days=183)
_SAMPLE = """
    SELECT '{0}.{1}', count(*), count(*) FILTER (WHERE length(v) = 0 OR get_byte(v, 0) <> ALL (%s))
    FROM (SELECT {1} AS v FROM {0} WHERE {1} IS NOT NULL LIMIT {2}) AS sample
"""
SUITES = {Suite.AES: "AES-256-GCM", Suite.SM4: "SM4-GCM"}
Findings = Iterator[DoctorFinding]


def scanner() -> Findings:
    """Of files that come in."""
    if settings.SCANNER:
        yield well("病毒扫描", "接了 ClamAV")
    else:
        yield look("病毒扫描", "没有接", "县里有 ClamAV 的，请设置 DONGKOU_SCANNER")


def audit() -> Findings:
    """That lines are written."""
    newest = AuditEvent.objects.order_by("-id").values_list("at", flat=True).first()
    if newest:
        yield well("审计记录", f"最近一条 {timezone.localtime(newest):%Y-%m-%d %H:%M}")
    else:
        yield look("审计记录", "还没有一条", "开始使用后再看")


def trail() -> Findings:
    """That what is written is sealed."""
    seal = TrailSeal.objects.order_by("-number").first()
    if seal is None:
        yield look("留痕封条", "还没有加过封", "定时器跑起来十分钟后再看")
    elif timezone.now() - seal.at > SEAL_LATE and _unsealed(seal.upto):
        yield bad("留痕封条", f"最后一次是 {timezone.localtime(seal.at):%Y-%m-%d %H:%M}", "看运行情况里的“给留痕加封”")
    else:
        yield well("留痕封条", f"第 {seal.number} 号，{timezone.localtime(seal.at):%Y-%m-%d %H:%M}")


def _unsealed(upto: int) -> bool:
    return row("SELECT 1 FROM households_trail WHERE id > %s LIMIT 1", [upto]) is not None


def kept() -> Findings:
    """How far back the records reach."""
    oldest = AuditEvent.objects.order_by("id").values_list("at", flat=True).first()
    told = f"{timezone.localtime(oldest):%Y-%m-%d} 起都在，不删" if oldest else "还没有"
    yield well("审计记录留存", told)
    yield well("日志留存", f"{KEEP_DAYS} 天")


def sent() -> Findings:
    """Whether lines leave the machine."""
    if settings.AUDIT_SENT:
        yield well("审计记录外送", "同时送出")
    else:
        yield look(
            "审计记录外送", "只在本机", "县里有日志审计设备的，请设置 DONGKOU_AUDIT_SYSLOG 或 DONGKOU_AUDIT_FILE"
        )


def nightly() -> Findings:
    """The check of everything."""
    yield _run("scoring.tasks.check_nightly", "夜间核对", "请运行 manage.py verify")


def retention() -> Findings:
    """How long what is personal is kept, and that it goes."""
    years = (settings.HOUSEHOLD_KEEP_YEARS, settings.PETITION_KEEP_YEARS, settings.PETITION_KEEP_PAPERS_YEARS)
    yield well("保存期限", "离册户 {} 年，信访内容 {} 年，附件 {} 年".format(*years))
    yield _run("households.tasks.erase_expired", "到期清除（户）", "看运行情况")
    yield _run("petitions.tasks.erase_expired", "到期清除（信访）", "看运行情况")


def _run(name: str, what: str, do: str) -> DoctorFinding:
    run = last_runs([name]).get(name)
    if run is None:
        return look(what, "还没有跑过", "过一夜再看")
    told = f"{timezone.localtime(run.begun_at):%Y-%m-%d %H:%M} {JobOutcome(run.outcome).label}"
    return bad(what, told, do) if run.outcome in (JobOutcome.FAILED, JobOutcome.DRIFT) else well(what, told)


def sealed() -> Findings:
    """A sample of each column that is to be sealed begins with the number of a key."""
    columns = [(table.name, column) for table in sealed_tables() for column in table.columns]
    numbers = sorted(settings.FIELD_KEYS)
    looked = rows(" UNION ALL ".join(_SAMPLE.format(*each, SAMPLE) for each in columns), [numbers] * len(columns))
    wrong = [name for name, _, open_ones in looked if open_ones]
    if wrong:
        yield bad("加密的列", f"有不是密文的：{'、'.join(wrong[:3])}", "请运行 manage.py reseal，并查是谁写的")
    else:
        values = sum(number for _, number, _ in looked)
        yield well("加密的列", f"{len(columns)} 列，各抽看至多 {SAMPLE} 个值，共 {values} 个，都是密文")
    suite = suite_of(settings.FIELD_KEYS[settings.FIELD_KEYS.newest])
    yield well("加密算法", f"{SUITES[suite]}，密钥 {len(settings.FIELD_KEYS)} 把，用第 {settings.FIELD_KEYS.newest} 把")


def versions() -> Findings:
    """That what is installed is what was pinned."""
    lock = BASE_DIR / "requirements.lock"
    if not lock.is_file():
        yield look("组件版本", "没有清单 requirements.lock", "请用完整的程序文件夹")
        return
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", lock.read_text("utf-8"), re.MULTILINE))
    other = sorted(name for name, version in pinned.items() if _installed(name) not in (version, ""))
    if other:
        yield bad("组件版本", f"与清单不同：{'、'.join(other[:3])}（共 {len(other)} 个）", "请运行 script/install")
    else:
        yield well("组件版本", f"{len(pinned)} 个组件与清单一致")


def _installed(name: str) -> str:
    """Empty for what this platform does not need."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def supported() -> Findings:
    """Python and PostgreSQL are still mended by their makers."""
    python = ".".join(platform.python_version_tuple()[:2])
    yield _support(f"Python {python}", PYTHON_UNTIL.get(python))
    connection.ensure_connection()
    major = int(connection.connection.server_version) // 10000
    yield _support(f"PostgreSQL {major}", POSTGRESQL_UNTIL.get(major))


def _support(what: str, until: date | None) -> DoctorFinding:
    today = timezone.localdate()
    if until is None:
        return look(what, "不知道修到什么时候", "请查发布方的公告")
    told = f"发布方修漏洞到 {until:%Y-%m-%d}"
    if today > until:
        return bad(what, f"{told}，已经过了", "请升级")
    return look(what, told, "请安排升级") if today + SOON > until else well(what, told)
