"""What must hold of the trail, as `manage.py verify` asks it: each check as lines of what breaks it. Repairs nothing.

Every row that matters has a line with its digest, written by the database in the transaction of the change. So a row that was
changed past the triggers contradicts its line; a line that was written afterwards contradicts its seal; a seal that was made
anew needs the key, and then contradicts what was published.

All that is asked every time. Where a line came from (its audit line, and the keyed digest of that) is asked of lines behind
the last check that found nothing wrong: what was right when it was sealed is right as long as lines and seals agree.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from django.db.models.expressions import RawSQL

from households import audit
from households.house.checks import Checked
from households.models import AuditEvent, TrailSeal
from households.months import Month
from households.sql import column, one_moment, rows
from households.trail.checkpoints import CHECKED, FIELDS, checked_upto
from households.trail.macs import audit_text, fits
from households.trail.seals import OVER, START, newest_seal, seal_text
from households.trail.tables import AUDIT, FREE, TABLES, name_of

MAX_WRONG = 20
_WORDS = {"i": "新增", "u": "改动", "d": "删除", "t": "收进"}
_KEY_OF = """
    SELECT c.relname, a.attname FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indisprimary AND c.relname = ANY (%(tables)s::text[])
"""
_ROWS = """
    WITH last AS (SELECT DISTINCT ON (source, key) source, key, op, digest FROM households_trail ORDER BY source, key, id DESC),
    now AS ({now})
    SELECT source, key, last.op, now.digest IS NULL
    FROM last FULL JOIN now USING (source, key) WHERE last.digest IS DISTINCT FROM now.digest
    ORDER BY source, length(key), key LIMIT {most}
"""
_SEALED = "SELECT s.number, s.upto, s.size, s.head, s.mac, o.* FROM households_trailseal s, LATERAL ({over}) o ORDER BY s.number"
# A change is explained by an audit line of its own transaction, or by the migration that was applied in it.
_UNEXPLAINED = f"""
    SELECT t.source, t.key, t.op FROM households_trail t
    WHERE t.id > %(since)s AND t.source <> '{AUDIT}' AND NOT (t.op = 'i' AND t.source = ANY (%(free)s::text[]))
      AND NOT EXISTS (SELECT FROM households_trail a WHERE a.source = '{AUDIT}' AND a.op = 'i'
                      AND a.transaction = t.transaction AND a.at = t.at)
      AND NOT EXISTS (SELECT FROM django_migrations m WHERE m.applied BETWEEN t.at AND t.at + interval '1 hour')
    ORDER BY t.id LIMIT {MAX_WRONG}
"""
_GUARDS = """
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') ORDER BY 1, 2
"""
_WATCHED = """
    SELECT w FROM unnest(%(tables)s::text[]) w WHERE 4 <> (
        SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = w::regclass
        AND t.tgname IN ('trail_insert', 'trail_update', 'trail_delete', 'trail_truncate')) ORDER BY 1
"""
_WRITTEN = f"SELECT key::bigint FROM households_trail WHERE source = '{AUDIT}' AND op <> 'd' AND id > %s"
# Lines without a keyed digest are of before it was kept: then the trail took them as it found them.
_FOUND = f"SELECT key::bigint FROM households_trail WHERE source = '{AUDIT}' AND op = 't' AND id > %s"


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line a check; the trail knows no months."""
    with one_moment():
        since = checked_upto()
        yield from chain(_said(EVERY_TIME), _said(ONCE, since))


def from_the_beginning() -> Iterator[Checked]:
    """Also what was found right before, as if nothing had ever been checked."""
    with one_moment():
        yield from _said({f"{label}（从头核对）": check for label, check in ONCE.items()}, 0)


def check_and_note() -> list[str]:
    """What is wrong, in words. When nothing is, that is written down, and the next check begins behind it."""
    with one_moment():
        newest, since = newest_seal(), checked_upto()
        wrong = [one.sentence for one in chain(_said(EVERY_TIME), _said(ONCE, since)) if not one.holds]
    if newest and newest.upto > since and not wrong:
        note_checked(newest)
    return wrong


def note_checked(newest: TrailSeal) -> None:
    """Write down that everything up to this seal was found whole: later checks begin behind it."""
    audit.record(None, CHECKED, subject=newest.number, upto=newest.upto, head=newest.head)


def _said(checks: Mapping[str, Callable[..., Iterator[str]]], *given: int) -> Iterator[Checked]:
    for label, check in checks.items():
        wrong = list(check(*given))[:MAX_WRONG]
        said = f"不符 {label}：{'；'.join(wrong[:3])}" if wrong else f"正常 {label}"
        yield Checked(said, holds=not wrong)


def _rows() -> Iterator[str]:
    """Every watched row against the last line about it."""
    keys: dict[str, str] = dict(rows(_KEY_OF, {"tables": sorted(TABLES)}))
    now = " UNION ALL ".join(
        f"SELECT '{table}' AS source, r.{keys[table]}::text AS key, trail_digest(r) AS digest FROM {table} r"
        for table in sorted(TABLES)
    )
    for source, key, op, gone in rows(_ROWS.format(now=now, most=MAX_WRONG)):
        what = "行不见了" if gone else "内容被改过" if op in ("i", "u", "t") else "这一行没有来历"
        yield f"{name_of(source)}第 {key} 条：{what}"


def _seals() -> Iterator[str]:
    """Seals are numbered without gaps, hold their lines and each other, and were made with the key."""
    over = OVER.format(
        after="coalesce((SELECT p.upto FROM households_trailseal p WHERE p.number = s.number - 1), 0)", upto="s.upto"
    )
    before, total = START, 0
    for expected, (number, upto, size, head, mac, count, digest) in enumerate(rows(_SEALED.format(over=over)), start=1):
        total += count
        text = seal_text(number, upto, size, before, bytes(digest))
        if number != expected:
            yield f"缺第 {expected} 号封条"
            return
        if size != total or head != text.head:
            yield f"第 {number} 号封条封住的 {count} 条被改过、补过或删过"
        elif not fits(text.line, bytes.fromhex(mac)):
            yield f"第 {number} 号封条不是本系统封的（密钥不符）"
        before, total = head, size


def _explained(since: int) -> Iterator[str]:
    for source, key, op in rows(_UNEXPLAINED, {"free": sorted(FREE), "since": since}):
        yield f"{name_of(source)}第 {key} 条：{_WORDS[op]}没有审计记录"


def _audited(since: int) -> Iterator[str]:
    kept = AuditEvent.objects.order_by("pk")
    if since:
        kept = kept.filter(pk__in=RawSQL(_WRITTEN, [since]))  # noqa: S611 (a constant)
    wrong = kept.filter(mac=None).exclude(pk__in=RawSQL(_FOUND, [since])).values_list("pk", flat=True)[:MAX_WRONG]  # noqa: S611
    lines = kept.exclude(mac=None).values_list("pk", *FIELDS)
    made = (pk for pk, *fields, mac in lines.iterator(chunk_size=10_000) if not fits(audit_text(fields), mac))
    for pk in chain(wrong, made):
        yield f"审计记录第 {pk} 条不是本系统写的"


def _guards() -> Iterator[str]:
    for table, trigger in rows(_GUARDS):
        yield f"{table} 的触发器 {trigger} 被停用"
    for table in column(_WATCHED, {"tables": sorted(TABLES)}):
        yield f"{table} 的留痕触发器不全"


EVERY_TIME: dict[str, Callable[[], Iterator[str]]] = {
    "重要记录与留痕一致": _rows,
    "留痕逐号封存，未被改动": _seals,
    "数据库的护栏都在": _guards,
}
ONCE: dict[str, Callable[[int], Iterator[str]]] = {  # of lines behind one of the trail
    "重要记录的每次变动都有审计记录": _explained,
    "审计记录都由本系统写入": _audited,
}
