"""Files that the county brings in by the browser, as this room takes them: the register marks the months that it moves."""

from datetime import date
from typing import Any

from django.utils import timezone

from households.imports import columns
from households.imports.departments import import_departments
from households.imports.kinds import ImportKind, ImportOrder
from households.imports.problems import ImportReport
from households.permissions import Permission
from scoring.batches.month_file import MONTH_COLUMNS, hang_on_month, import_month, take_back_month
from scoring.findings.importing import FINDING_COLUMNS, import_findings
from scoring.rollup import taking_back
from scoring.rollup.registers import import_divisions, import_households, import_linkages
from scoring.sheets import events_taking_back
from scoring.sheets.events_import import COLUMNS, import_events


def _register(order: ImportOrder) -> dict[str, Any]:
    """What the imports of the register take besides."""
    said, day = order.options, order.options.get("valid_from")
    return {
        **order.given,
        "today": timezone.localdate(),
        "accept_changes": bool(said.get("accept_changes")),
        "since_ever": bool(said.get("since_ever")),
        "valid_from": date.fromisoformat(day) if day else None,
    }


def _divisions(order: ImportOrder) -> ImportReport:
    return import_divisions(**_register(order))


def _households(order: ImportOrder) -> ImportReport:
    return import_households(**_register(order))


def _departments(order: ImportOrder) -> ImportReport:
    return import_departments(**order.given, accept_changes=bool(order.options.get("accept_changes")))


def _linkages(order: ImportOrder) -> ImportReport:
    return import_linkages(**order.given)


def _month(order: ImportOrder) -> ImportReport:
    said = order.options
    return import_month(**order.given, month=str(said.get("month", "")), again=bool(said.get("again")))


def _findings(order: ImportOrder) -> ImportReport:
    return import_findings(**order.given, again=bool(order.options.get("again")))


def _events(order: ImportOrder) -> ImportReport:
    return import_events(**order.given, today=timezone.localdate(), again=bool(order.options.get("again")))


_OF_REGISTER = frozenset({"accept_changes", "since"})
KINDS = (
    ImportKind(
        1, "divisions", "区划", Permission.IMPORT_REGISTER, columns.DIVISIONS, _divisions,
        "县、乡镇、村（社区）。先有区划，才能导入户、开账号。", _OF_REGISTER,
        taking_back.hang_on_divisions, taking_back.take_back_divisions,
    ),
    ImportKind(
        2, "households", "户", Permission.IMPORT_REGISTER, columns.HOUSEHOLDS, _households,
        "全县一个文件，或者一个乡镇、一个村一个文件，都可以；组随户自动建立。", _OF_REGISTER,
        taking_back.hang_on_households, taking_back.take_back_households,
    ),
    ImportKind(
        3, "departments", "县直部门", Permission.IMPORT_REGISTER, columns.DEPARTMENTS, _departments,
        "联村的县直部门。", frozenset({"accept_changes"}),
        taking_back.hang_on_departments, taking_back.take_back_departments,
    ),
    ImportKind(
        4, "linkages", "联村关系", Permission.IMPORT_REGISTER, columns.LINKAGES, _linkages,
        "哪个部门联哪个村或乡镇，权重多少，从哪个月到哪个月。", frozenset(),
        taking_back.hang_on_linkages, taking_back.take_back_linkages,
    ),
    ImportKind(
        9, "events", "例外", Permission.IMPORT_REGISTER, COLUMNS, _events,
        "由县六零办登记并确认的例外，条款要求文书的要有文书号。", frozenset({"again"}),
        events_taking_back.hang_on_events, events_taking_back.take_back_events,
    ),
    ImportKind(
        8, "month", "月度台账", Permission.DECLARE, MONTH_COLUMNS, _month,
        "本村一个月的台账：先在“月度台账 · 成批登记”里下载，改好再交来。文件里删掉的会撤回，别人登记的不动。",
        frozenset({"month", "again"}), hang_on_month, take_back_month,
    ),
    ImportKind(
        10, "findings", "部门认定", Permission.FILE_FINDING, FINDING_COLUMNS, _findings,
        "本部门作出的决定，每一行都要有文书号。演练时逐行说明会记到哪里。", frozenset({"again"}),
        stays="在“部门认定”里逐件撤回。", quick=20_000,
    ),
)  # fmt: skip
