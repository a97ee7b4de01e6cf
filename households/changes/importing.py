"""Changes of the register by file: each line by the same action as the page; anything wrong, nothing written."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import models, transaction

from households import audit
from households.changes.actions.carrying import carry_out, preview
from households.changes.wishes import MAX_NOTE, ChangeWish
from households.codes import Level
from households.files import bounds
from households.imports import cells, staging
from households.imports.columns import FileColumn
from households.imports.households import MAX_ADDRESS, MAX_NAME
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import ChangeKind, ChangeReason, User
from households.permissions import Permission
from households.refusals import Refused

_KINDS = "、".join(ChangeKind.labels)
COLUMNS = (
    FileColumn("kind", "事项", _KINDS, ChangeKind.SPLIT.label, ("变更事项",)),
    FileColumn("household_code", "户编号", "18 位，先设为“文本”格式；新增户空着", "430525103001030012", ("18位户编号",)),
    FileColumn("day", "日期", "发生的日子", "2026-11-20", ("发生日期",)),
    FileColumn("reason", "原因", f"写其中一种：{'、'.join(ChangeReason.labels)}", ChangeReason.MARRIED.label, ("变更原因",)),
    FileColumn("other_code", "另一户编号", "并入哪一户、积分转给哪一户", "", ("对方户编号",)),
    FileColumn("group_code", "到哪个组", "新增、迁移写 14 位组代码；分户还在原组的空着", "", ("组代码",)),
    FileColumn("household_no", "户号", "新增、分户、迁移可以写 1 到 9999 里没有用过的号；空着就用下一个", "", ("新户号",)),
    FileColumn("head_name", "户主", "新增、分户必填；更正写新的", "张三", ("户主姓名", "姓名")),
    FileColumn("phone", "电话", "可以空着；更正时空着就是不改", "", ("联系电话",)),
    FileColumn("address", "地址", "可以空着；更正时空着就是不改", "", ("住址",)),
    FileColumn("note", "说明", "可以空着", "", ("备注说明",)),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
LAYOUTS = (NAMES, tuple(name for name in NAMES if name != "household_no"))  # with a number, and as files were before
# Under which column of the file the refusal of a field is told.
_COLUMN_OF = {"household": "household_code", "other": "other_code", "group": "group_code", "serial": "household_no"}


def _one_of(choices: type[models.TextChoices], what: str) -> Callable[[str], str]:
    known = {label: value for value, label in choices.choices}

    def read(cell: str) -> str:
        try:
            return known[cell.strip()]
        except KeyError as fault:
            raise cells.CellFault(f"{what}应是：{'、'.join(known)}") from fault

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    "kind": _one_of(ChangeKind, "事项"),
    "household_code": cells.or_empty(cells.household),
    "day": cells.day,
    "reason": _one_of(ChangeReason, "原因"),
    "other_code": cells.or_empty(cells.household),
    "group_code": cells.or_empty(cells.code(Level.GROUP)),
    "household_no": cells.or_empty(cells.serial),
    "head_name": cells.name(MAX_NAME),
    "phone": cells.phone,
    "address": cells.text(MAX_ADDRESS),
    "note": cells.text(MAX_NOTE),
}


def import_changes(
    *,
    name: str,
    data: bytes,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    tell: Tell = quiet,
) -> ImportReport:
    """Carry out the changes of a file in the order of its lines. The same file a second time changes nothing."""
    report = ImportReport(name, dry_run)
    table = open_table(report, data, *LAYOUTS, within=within, columns=COLUMNS)
    if table is None:
        return report
    with all_or_nothing(report):
        staging.one_at_a_time("household changes")
        rows = Rows(table, report)
        read = {column: rows.column(column, reader) for column, reader in _READERS.items() if column in table.columns}
        kept = {column: rows.keep(values) for column, values in read.items()}
        done = _carry_out(report, rows.lines(), kept, by, tell)
        report.counts = {ChangeKind(kind).label: number for kind, number in sorted(done.items())}
        if not report.refused:
            audit.record(by, "households.change_file", **report.file, rows=report.rows)
    return report


def _carry_out(
    report: ImportReport, lines: list[int], kept: dict[str, list[Any]], by: User | None, tell: Tell
) -> dict[str, int]:
    done: dict[str, int] = {}
    for number, line in enumerate(lines):
        given = {column: values[number] for column, values in kept.items()}
        try:
            with transaction.atomic():
                op_id, wish = uuid5(NAMESPACE_URL, f"{report.digest} {line}"), _wish(given)
                if report.dry_run:
                    _foretell(report, line, wish, by)
                carry_out(op_id=op_id, wish=wish, by=by)
        except Refused as refusal:
            _tell(report, line, refusal)
        else:
            done[given["kind"]] = done.get(given["kind"], 0) + 1
        tell("核对并办理", (number + 1) / len(lines))
    return done


def _wish(given: dict[str, Any]) -> ChangeWish:
    day: date = given["day"]
    told: dict[str, Any] = {name: given[name] or None for name in ("head_name", "phone", "address")}
    codes = {"household": given["household_code"], "other": given["other_code"], "group": given["group_code"]}
    serial = int(given.get("household_no") or 0)
    return ChangeWish(
        ChangeKind(given["kind"]), day, given["reason"], **codes, serial=serial, **told, note=given["note"]
    )


def _foretell(report: ImportReport, line: int, wish: ChangeWish, by: User | None) -> None:
    """What the line will do, as the page says it before the same change; nothing of one that is done already, or refused."""
    with suppress(Refused):
        _plan, effects = preview(wish, by=by)
        report.note(
            line, "kind", f"{wish.kind.label} {wish.household}：{''.join(effect.sentence for effect in effects)}"
        )


def _tell(report: ImportReport, line: int, refusal: Refused) -> None:
    if not refusal.fields:
        report.refuse(line, "kind", refusal.sentence)
    for name, fault in refusal.fields.items():
        report.refuse(line, _COLUMN_OF.get(name, name if name in NAMES else "kind"), f"{refusal.reason}{fault}")


def _by_browser(order: ImportOrder) -> ImportReport:
    given = {name: value for name, value in order.given.items() if name != "keep"}
    return import_changes(**given)


KIND = ImportKind(
    6, "changes", "户籍变更", Permission.CHANGE_HOUSEHOLDS, COLUMNS, _by_browser,
    "一批分户、并户、迁移、注销、更正。",
    quick=12_000,  # each line is an act of its own, 11 ms on a quiet machine
    stays="户的每次变更都是只增不改的记录，月份和积分已经跟着动了。办错的，再办相反的一项：注销错的恢复，分错的并回，改错的更正。",
)  # fmt: skip
