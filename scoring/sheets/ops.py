"""Operations on a sheet as a client sends them, and what became of each. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from households.codes import CodeError, Level, is_level, parse
from households.refusals import Refused
from households.words import folding

MAX_NOTE = 200
MAX_DOCUMENT = 60
MAX_CODE = 40  # eighteen digits, as people space them
MAX_OPS = 500
# Control signs but tab and line end, signs that turn the direction of writing, and halves of surrogate pairs, which no
# database stores.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class OpType(StrEnum):
    ADD = "add"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    DECLARE = "declare"
    UNDECLARE = "undeclare"


class Status(StrEnum):
    APPLIED = "applied"
    EXISTS = "exists"
    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"


_EVERY = {"op_id", "type"}
_PLACED = {"household", "division", "clause", "date", "document_no", "note", "again"}
_SAID: Mapping[str, Collection[str]] = {
    OpType.ADD: _EVERY | _PLACED,
    OpType.WITHDRAW: _EVERY | {"event", "of", "reason"},
    OpType.CONFIRM: _EVERY | {"event", "of", "reason"},
    OpType.DECLARE: _EVERY | {"reason", "again"},
    OpType.UNDECLARE: _EVERY | {"reason", "again"},
}
_INSTEAD = {"household": "division", "of": "event"}  # who says the first is not asked for the second


@dataclass(frozen=True)
class Op:
    """One operation. `code` is the household or division of an add, `event` the event of a withdrawal or confirmation, or `of` the
    operation that made it.

    `again` says that an add is meant although the same fact stands already, and a declaration although the sheet was sent back
    and nothing in it has changed since.
    """

    op_id: UUID
    type: OpType
    code: str = ""
    clause: str = ""
    day: date | None = None
    document_no: str = ""
    note: str = ""
    event: int | None = None
    of: UUID | None = None
    reason: str = ""
    again: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class OpOutcome:
    """What became of an operation; `reason` is a Chinese sentence unless it was applied.

    `code` names the reason for machines, `fields` says which part of the operation it concerns.
    """

    op_id: UUID
    status: Status
    reason: str = ""
    event: int | None = None
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, op_id: UUID, refusal: Refused) -> "OpOutcome":
        """The outcome that a refusal amounts to."""
        return cls(op_id, Status.REFUSED, refusal.sentence, code=refusal.code, fields=refusal.fields)

    @classmethod
    def repeated(cls, op_id: UUID, answer: Mapping[str, Any]) -> "OpOutcome":
        """The stored answer of an operation that came again: an applied one exists, any other stays what it was."""
        status = Status(answer["status"])
        status = Status.EXISTS if status is Status.APPLIED else status
        return cls(op_id, status, answer["reason"], answer["event"], answer.get("code", ""), answer.get("fields", {}))

    def as_dict(self) -> dict[str, Any]:
        return {
            "op_id": str(self.op_id),
            "status": self.status.value,
            "reason": self.reason,
            "event": self.event,
            "code": self.code,
            "fields": dict(self.fields),
        }


def read_id(raw: Mapping[str, Any]) -> UUID:
    """The client-made id of an operation. Refuses one that is no UUID: it could not be answered twice."""
    try:
        return UUID(str(raw.get("op_id", "")))
    except ValueError as exc:
        raise Refused(
            "op_id_unreadable", "操作编号不是有效的 UUID。", fields={"op_id": "不是 UUID"}, status=400
        ) from exc


def awaited(raw: Mapping[str, Any]) -> list[UUID]:
    """The operations that this one follows: the one before it on its device, the one that made the event it is about."""
    found = [_uuid(raw, name) for name in ("after", "of")]
    return [each for each in found if each is not None]


def content_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What an operation says, without what only says when it comes, and of a readable one without what nobody reads."""
    unread = {"after"} | {other for name, other in _INSTEAD.items() if raw.get(name)}
    said = _SAID.get(str(raw.get("type")), raw.keys())
    return {name: raw[name] for name in raw if name in said and name not in unread}


def _uuid(raw: Mapping[str, Any], name: str) -> UUID | None:
    try:
        return UUID(str(raw[name])) if raw.get(name) else None
    except ValueError as exc:
        raise Refused(f"{name}_unreadable", "前一条的编号不是有效的 UUID。", fields={name: "不是 UUID"}) from exc


def read_op(raw: Mapping[str, Any]) -> Op:
    """One operation from JSON. Refuses what cannot be understood, naming the field."""
    op_id = read_id(raw)
    kind = _choice(raw.get("type"))
    if kind is OpType.ADD:
        return Op(
            op_id,
            kind,
            code=_place(raw),
            clause=_text(raw, "clause", 20, "条款"),
            day=_day(raw.get("date")),
            document_no=folding.reference(_text(raw, "document_no", MAX_DOCUMENT, "文书号")),
            note=_text(raw, "note", MAX_NOTE, "说明"),
            again=_again(raw.get("again")),
            raw=raw,
        )
    if kind in (OpType.WITHDRAW, OpType.CONFIRM):
        of = _uuid(raw, "of")
        event, reason = None if of else _event(raw), _text(raw, "reason", MAX_NOTE, "原因")
        return Op(op_id, kind, event=event, of=of, reason=reason, raw=raw)
    reason, again = _text(raw, "reason", MAX_NOTE, "原因"), _again(raw.get("again"))
    return Op(op_id, kind, reason=reason, again=again, raw=raw)


def read_wanted(raw: Mapping[str, Any]) -> tuple[str, str]:
    """The household or division and the clause of an entry that is only thought of. Refuses as `read_op` does."""
    return _place(raw), _text(raw, "clause", 20, "条款")


def _choice(value: object) -> OpType:
    try:
        return OpType(str(value))
    except ValueError as exc:
        known = "、".join(t.value for t in OpType)
        raise Refused("op_type_unknown", f"不认识的操作类型，只能是 {known}。", fields={"type": "不认识"}) from exc


def _place(raw: Mapping[str, Any]) -> str:
    key = "household" if raw.get("household") else "division"
    given = _text(raw, key, MAX_CODE, "代码")
    if not given:
        raise Refused("place_missing", "请写明是哪一户或哪个组、村。", fields={"household": "未填写"})
    try:
        code = parse(given)
    except CodeError as exc:
        raise Refused("place_unreadable", f"{exc}。", fields={key: str(exc)}) from exc
    if is_level(code, Level.HOUSEHOLD) is not (key == "household"):
        wanted = "18 位户编号" if key == "household" else "组、村的代码"
        raise Refused("place_level", f"{code} 不是{wanted}。", fields={key: f"应为{wanted}"})
    return code


def _again(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Refused("again_unreadable", "again 应为 true 或 false。", fields={"again": "应为 true 或 false"})


def _day(value: object) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Refused("date_unreadable", "日期要写成 2026-10-05 的样子。", fields={"date": "日期看不懂"})


def _event(raw: Mapping[str, Any]) -> int:
    value = raw.get("event")
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,18}", str(value)):
        raise Refused("event_unreadable", "请写明是哪一条例外。", fields={"event": "不是编号"})
    return int(str(value))


def _text(raw: Mapping[str, Any], key: str, longest: int, label: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{key}_unreadable", f"{label}应为文字。", fields={key: "应为文字"})
    value = value.strip()
    if len(value) > longest:
        raise Refused(f"{key}_too_long", f"{label}最多 {longest} 个字，现在有 {len(value)} 个。", fields={key: "太长"})
    if _CONTROL.search(value):
        raise Refused(f"{key}_control", f"{label}里有看不见的控制字符，请重新输入。", fields={key: "有控制字符"})
    return value
