"""Operations that came before the one they follow: held with the sheet until it has come, or for five days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from households.models import User
from households.refusals import Refused
from scoring.models import Sheet
from scoring.sheets.ops import OpOutcome, Status, content_of, read_id, read_op

HOLD = timedelta(days=5)  # until what is held goes in without the one it waits for
MAX_HELD = 200  # held with one sheet
HELD = "这一条前面的还没有到，先替您收着，等它到了再登记。"


@dataclass(frozen=True)
class HeldOp:
    """What an operation says, who sent it, and the ids that it waits for. Lies in `Sheet.held` as JSON."""

    raw: Mapping[str, Any]
    by: int
    base: int | None
    source: str
    awaits: tuple[UUID, ...]
    since: datetime

    @property
    def op_id(self) -> UUID:
        return read_id(self.raw)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "HeldOp":
        awaits, since = tuple(map(UUID, kept["awaits"])), datetime.fromisoformat(kept["since"])
        return cls(kept["raw"], kept["by"], kept["base"], kept["source"], awaits, since)

    def as_json(self) -> dict[str, Any]:
        said = {"awaits": [str(each) for each in self.awaits], "since": self.since.isoformat()}
        return {"raw": self.raw, "by": self.by, "base": self.base, "source": self.source} | said

    def without(self, answered: Collection[UUID]) -> "HeldOp":
        """What it waits for still, once those were answered."""
        return replace(self, awaits=tuple(each for each in self.awaits if each not in answered))


class Held:
    """What is held with one locked sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.ops = {one.op_id: one for one in map(HeldOp.of, sheet.held)}

    def hold(
        self, raw: Mapping[str, Any], *, by: User, base: int | None, source: str, awaits: Sequence[UUID]
    ) -> OpOutcome:
        """Keep an operation, or keep it on when it came before.

        Refused when it cannot be read, is somebody else's, or there are too many.
        """
        op_id = read_op(raw).op_id
        known = self.ops.get(op_id)
        if known is not None and known.by != by.pk:
            raise Refused("op_id_reused", "这个操作编号已用于另一项操作。", hint="请换一个新的编号再提交。", status=409)
        if known is None and len(self.ops) >= MAX_HELD:
            raise Refused("too_many_held", "等着前一条的登记太多了，没有收下。", hint="请先把前面的送到。")
        since = known.since if known else timezone.now()
        self.ops[op_id] = HeldOp(content_of(raw), by.pk, base, source, tuple(awaits), since)
        return OpOutcome(op_id, Status.HELD, HELD, code="held")

    def take(self, answered: Collection[UUID]) -> list[HeldOp]:
        """Those that wait for nothing more now that these were answered, in the order in which they came; they are held no more."""
        self.ops = {op_id: one.without(answered) for op_id, one in self.ops.items() if op_id not in answered}
        return self._out([op_id for op_id, one in self.ops.items() if not one.awaits])

    def take_overdue(self, now: datetime) -> list[HeldOp]:
        """Those that have waited too long."""
        return self._out([op_id for op_id, one in self.ops.items() if one.since <= now - HOLD])

    def _out(self, ready: Collection[UUID]) -> list[HeldOp]:
        return [self.ops.pop(op_id) for op_id in ready]

    def save(self) -> None:
        """Write what is held now, if that is not what was."""
        kept = [one.as_json() for one in self.ops.values()]
        if kept != self.sheet.held:
            Sheet.objects.filter(pk=self.sheet.pk).update(held=kept)
            self.sheet.held = kept
