"""Raising what a check found, letting go what it finds no more, and answering for it by name."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from households import audit
from households.alarms.hearing import alarms_of
from households.models import Alarm, AlarmKind, User
from households.refusals import Refused
from households.sql import run
from households.words.folding import stored

MAX_ALARMS = 200  # of one check: what a fault broke everywhere is told by its first rows
REST = "还有更多不符，请运行 manage.py verify"
MAX_REMARK = 200


@dataclass(frozen=True, slots=True)
class AlarmFinding:
    """What does not hold and where; `place` is the code that lies in the county it concerns, empty for all of them."""

    kind: AlarmKind
    what: str
    where: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        """The same for the same finding."""
        return hashlib.sha256(f"{self.kind}\n{self.what}\n{self.where}".encode()).hexdigest()


@transaction.atomic
def found_by(source: str, found: Iterable[AlarmFinding]) -> int:
    """What one run of a check found, all of it: new findings are raised, those found no more are gone. How many are new.

    Of two runs at once the second waits, and finds the first one's rows.
    """
    run("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"alarm:{source}"])
    now = {one.key: one for one in _bounded(list(found))}
    before = {alarm.key: alarm for alarm in Alarm.objects.open().filter(source=source)}
    gone = [alarm.pk for key, alarm in before.items() if key not in now and alarm.gone_at is None]
    again = [alarm.pk for key, alarm in before.items() if key in now and alarm.gone_at is not None]
    fresh = [_alarm(source, one) for key, one in now.items() if key not in before]
    Alarm.objects.filter(pk__in=gone).update(gone_at=timezone.now())
    Alarm.objects.filter(pk__in=again).update(gone_at=None)
    Alarm.objects.bulk_create(fresh)
    if fresh or again or gone:
        audit.record(None, "alarm.raise", subject=source, added=len(fresh) + len(again), gone=len(gone))
    return len(fresh)


def _bounded(found: Sequence[AlarmFinding]) -> Sequence[AlarmFinding]:
    return found if len(found) <= MAX_ALARMS else [*found[:MAX_ALARMS], AlarmFinding(found[MAX_ALARMS].kind, REST)]


def _alarm(source: str, found: AlarmFinding) -> Alarm:
    shown = {"kind": found.kind, "what": found.what[:200], "where": found.where[:200], "place": found.place}
    return Alarm(source=source, key=found.key, **shown)


@transaction.atomic
def acknowledge(*, alarm: int, remark: str, by: User, together: bool = False) -> int:
    """Answer by name for having seen it, with what is being done; `together` for all of the same check and rule. How many.

    The first name counts: of two at once the second is told.
    """
    said = stored(remark)
    if not said or len(said) > MAX_REMARK:
        fault = f"最多写 {MAX_REMARK} 个字。" if said else "请写明怎么处理。"
        raise Refused("remark_missing", fault, fields={"remark": fault})
    found = alarms_of(by).filter(pk=alarm).first()
    if found is None:
        raise Refused("not_found", "没有这一条报警。", status=404)
    same = alarms_of(by).unseen().filter(source=found.source, what=found.what)
    mine = same if together else same.filter(pk=alarm)
    seen = Alarm.objects.filter(pk__in=mine.values("pk"), seen_at=None).update(
        seen_by=by, seen_at=timezone.now(), remark=said
    )
    if not seen:
        raise Refused("seen_already", "这一条已经有人知悉。", hint="请刷新页面看是谁。", status=409)
    audit.record(by, "alarm.acknowledge", place=found.place, subject=found.source, number=found.pk, seen=seen)
    return seen
