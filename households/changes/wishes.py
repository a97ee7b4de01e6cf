"""What somebody wants to change of a household, as typed, filed or sent: one shape for the page, the file and the interface."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from households.codes import Level, group_of, is_code, village_of
from households.imports.households import MAX_ADDRESS, MAX_NAME
from households.models import ENDINGS, ChangeKind, ChangeReason
from households.refusals import Refused

MAX_NOTE = 100
_R = ChangeReason
REASONS: dict[ChangeKind, tuple[ChangeReason, ...]] = {
    ChangeKind.ADD: (_R.SETTLED, _R.RETURNED, _R.LEFT_OUT, _R.MARRIED),
    ChangeKind.CORRECT: (_R.HEAD_CHANGED, _R.OUT_OF_DATE, _R.WRONG, _R.NEW_HOUSE),
    ChangeKind.SPLIT: (_R.MARRIED, _R.DIVIDED, _R.DIVORCED, _R.BY_MISTAKE),
    ChangeKind.MERGE: (_R.CARED_FOR, _R.TOGETHER, _R.MARRIED, _R.TWICE, _R.BY_MISTAKE),
    ChangeKind.MOVE: (_R.NEW_HOUSE, _R.RESETTLED, _R.WRONG),
    ChangeKind.CLOSE: (_R.ALL_DEAD, _R.MOVED_AWAY, _R.TWICE, _R.BY_MISTAKE),
    ChangeKind.REOPEN: (_R.BY_MISTAKE, _R.RETURNED),
    ChangeKind.HEIR: (_R.KIN, _R.CARED_FOR),
}
NEEDS_OTHER = (ChangeKind.MERGE, ChangeKind.HEIR)
MAY_NAME_OTHER = (*NEEDS_OTHER, ChangeKind.CLOSE)
NEEDS_GROUP = (ChangeKind.ADD, ChangeKind.MOVE)
NEEDS_HEAD = (ChangeKind.ADD, ChangeKind.SPLIT)
_NEW = (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MOVE)
_OF_HOUSEHOLD = (*_NEW, ChangeKind.CORRECT)
_USES: dict[str, tuple[ChangeKind, ...]] = {
    "group": _NEW,
    "serial": _NEW,
    "head_name": _OF_HOUSEHOLD,
    "phone": _OF_HOUSEHOLD,
    "address": _OF_HOUSEHOLD,
    "new_door": (ChangeKind.CORRECT,),
    "release": ENDINGS,
}  # which kinds have a use for it


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """One change that is wanted. `household` is whose it is (none for ADD), `other` who takes it in or gets its points.

    `group` is where it comes to (ADD, MOVE; SPLIT where it is another one), `serial` the door number wanted there, 0 for the
    next one; a MOVE within the own group, which puts a wrong number right, names one. Of a correction, what is None stays as it is.
    `new_door`: the plate no longer hangs at their door. `release`: what is reserved in the shop is given up.
    """

    kind: ChangeKind
    day: date
    reason: str
    household: str = ""
    other: str = ""
    group: str = ""
    serial: int = 0
    head_name: str | None = None
    phone: str | None = None
    address: str | None = None
    note: str = ""
    new_door: bool = False
    release: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {"day": self.day.isoformat(), "kind": str(self.kind)}

    def as_bytes(self) -> bytes:
        """As a proposal keeps it."""
        return json.dumps(self.as_dict(), ensure_ascii=False).encode()

    @property
    def villages(self) -> list[str]:
        """The villages whose months it may touch, in order."""
        return sorted({village_of(code) for code in (self.household, self.other, self.group) if code})

    @property
    def elsewhere(self) -> str:
        """The other village that it moves to, or whose household takes it in; empty within one village."""
        there = village_of(self.group or self.other)
        return there if self.household and there and there != village_of(self.household) else ""


def wish_from(kept: bytes) -> ChangeWish:
    """A wish as a proposal kept it."""
    told = json.loads(kept)
    known = {field.name for field in fields(ChangeWish)}
    given = {name: value for name, value in told.items() if name in known}
    return ChangeWish(**given | {"kind": ChangeKind(told["kind"]), "day": date.fromisoformat(told["day"])})


def check(wish: ChangeWish, today: date) -> None:
    """Refuse what can be seen to be wrong without looking at the register. `fields` names what."""
    faults = {name: fault for name, fault in _faults(wish, today) if fault}
    if faults:
        raise Refused("change_incomplete", f"{wish.kind.label}没有填对。", fields=faults)


def _faults(wish: ChangeWish, today: date) -> list[tuple[str, str]]:
    return [
        ("household", _household_fault(wish)),
        ("reason", "" if wish.reason in REASONS[wish.kind] else "请从这一项的原因里选"),
        ("day", "日期还没有到" if wish.day > today else ""),
        ("other", _other_fault(wish)),
        ("group", _group_fault(wish)),
        ("head_name", _head_fault(wish)),
        ("address", f"最多 {MAX_ADDRESS} 个字" if len(wish.address or "") > MAX_ADDRESS else ""),
        ("note", f"最多 {MAX_NOTE} 个字" if len(wish.note) > MAX_NOTE else ""),
        *((name, f"{wish.kind.label}不用写这一项") for name, kinds in _USES.items() if _has(wish, name, kinds)),
    ]


def _has(wish: ChangeWish, name: str, kinds: tuple[ChangeKind, ...]) -> bool:
    """Whether something was given that the kind has no use for."""
    return wish.kind not in kinds and getattr(wish, name) not in (None, "", 0, False)


def _household_fault(wish: ChangeWish) -> str:
    if wish.kind is ChangeKind.ADD:
        return f"{wish.kind.label}不用写户编号" if wish.household else ""
    return "" if is_code(wish.household, Level.HOUSEHOLD) else "请写 18 位户编号"


def _other_fault(wish: ChangeWish) -> str:
    if not wish.other:
        return "请写对方的 18 位户编号" if wish.kind in NEEDS_OTHER else ""
    if wish.kind not in MAY_NAME_OTHER:
        return f"{wish.kind.label}不用写另一户"
    if wish.other == wish.household:
        return "不能是同一户"
    return "" if is_code(wish.other, Level.HOUSEHOLD) else "请写 18 位户编号"


def _group_fault(wish: ChangeWish) -> str:
    if not wish.group:
        return "请选到哪个组" if wish.kind in NEEDS_GROUP else ""
    if wish.kind is ChangeKind.MOVE and wish.group == group_of(wish.household) and not wish.serial:
        return "还在原来的组：户号登错的，请写对的户号；门牌、住址变了，请办“更正”"
    return "" if is_code(wish.group, Level.GROUP) else "请写 14 位组代码"


def _head_fault(wish: ChangeWish) -> str:
    name = wish.head_name
    if name is None and wish.kind not in NEEDS_HEAD:
        return ""
    if not name:
        return "请写户主姓名"
    return f"最多 {MAX_NAME} 个字" if len(name) > MAX_NAME else ""
