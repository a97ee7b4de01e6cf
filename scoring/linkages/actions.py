"""Which department answers for which place, and how much: entered, changed from a month on, ended; departments themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from households import audit
from households.imports.linkages import LAST
from households.models import Department, Division, Linkage, User
from households.models.people import MAX_LEADER
from households.months import Month, previous_month
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from households.words import folding
from scoring.models import Sheet
from scoring.rollup.registers import write_linkages
from scoring.states import SheetState

Lines = list[tuple[str, str, str, str, str]]


@dataclass(frozen=True, slots=True)
class WantedLinkage:
    """From `from_month` to `to_month` (empty: no end) the department answers with `weight`; 0 ends what is in force."""

    department: Department
    division: Division
    weight: int
    from_month: Month
    to_month: str = ""
    leader: str = ""


def set_linkage(*, op_id: UUID, wanted: WantedLinkage, by: User | None) -> Linkage:
    """Enter it: what was in force until then ends the month before. Returns the row in force, or the one that ended.

    A month that is frozen or signed for never changes: it is refused.
    """

    def act() -> Answer:
        return {"linkage": write(wanted, by=by).pk}

    payload = [
        wanted.department.pk,
        wanted.division.pk,
        wanted.weight,
        wanted.from_month,
        wanted.to_month,
        wanted.leader,
    ]
    answer = once(op_id=op_id, by=by, kind="linkage.set", payload=payload, act=act)
    return Linkage.objects.select_related("department", "division").get(pk=answer["linkage"])


def write(wanted: WantedLinkage, *, by: User | None) -> Linkage:
    """The rows and their audit line, in the caller's transaction. Refused as the import refuses, in its words."""
    _check(wanted, by)
    rows = Linkage.objects.select_for_update().filter(department=wanted.department, division=wanted.division)
    stored = list(rows.order_by("from_month"))
    lines = _lines(wanted, stored)
    _check_frozen(wanted, stored)
    _check_nested(wanted)
    report = write_linkages(lines, by=by)
    if report.refused:
        raise Refused(
            "linkage", f"{report.errors[0].reason}。", fields={report.errors[0].column: report.errors[0].reason}
        )
    kept = rows.get(from_month=lines[-1][3])
    if wanted.weight:
        rows.filter(pk=kept.pk).update(leader=folding.stored(wanted.leader))
    detail = {"department": wanted.department.pk, "weight": wanted.weight, "leader": wanted.leader}
    months = {"since": wanted.from_month, "until": wanted.to_month}
    audit.record(by, "linkage.set", place=wanted.division.pk, subject=wanted.department.pk, **detail, **months)
    return kept


def _check(wanted: WantedLinkage, by: User | None) -> None:
    if by and not may(by, Permission.MANAGE_LINKAGES, at=wanted.division.code):
        raise Refused("not_yours", "您不能改联村关系。", status=403)
    if len(wanted.leader) > MAX_LEADER:
        raise Refused("too_long", f"联系领导最多 {MAX_LEADER} 个字。", fields={"leader": "太长"})


def _lines(wanted: WantedLinkage, stored: Sequence[Linkage]) -> Lines:
    """What the import would be given: the row in force cut off the month before, and the new one."""
    pair = (wanted.department.code, wanted.division.code)
    now = [row for row in stored if row.from_month <= wanted.from_month <= (row.to_month or LAST)]
    lines: Lines = [
        (*pair, str(row.weight), row.from_month, previous_month(wanted.from_month))
        for row in now
        if row.from_month < wanted.from_month
    ]
    if wanted.weight:
        return [*lines, (*pair, str(wanted.weight), wanted.from_month, wanted.to_month)]
    if not lines:
        hint = "要从起始月份起取消，请改写截止月份。" if now else ""
        raise Refused("nothing_to_end", "这个月没有可以结束的联系。", hint=hint, fields={"weight": "没有联系"})
    return lines


def _check_frozen(wanted: WantedLinkage, stored: Sequence[Linkage]) -> None:
    """Only a leader's name may be put right behind a lock."""
    same = any(
        (row.from_month, row.to_month, row.weight) == (wanted.from_month, wanted.to_month, wanted.weight)
        for row in stored
    )
    frozen = Sheet.objects.filter(lies_in(wanted.division.code[:12], "village"), state=SheetState.FROZEN)
    last = frozen.order_by("-period").values_list("period", flat=True).first()
    if last and wanted.from_month <= last and not same:
        raise Refused(
            "frozen", f"{last} 及以前的月份已经锁定，不再改动。", hint="请从以后的月份起写。", fields={"from": "已锁定"}
        )


def _check_nested(wanted: WantedLinkage) -> None:
    """A township and a village in it, for one department at one time, would count the village twice."""
    above = [wanted.division.code[:digits] for digits in (6, 9, 12) if digits < len(wanted.division.code)]
    beside = Q(division__in=above) | lies_in(wanted.division.code, "division") & ~Q(division=wanted.division)
    meets = Q(from_month__lte=wanted.to_month or LAST) & (Q(to_month="") | Q(to_month__gte=wanted.from_month))
    found = Linkage.objects.filter(beside, meets, department=wanted.department).select_related("division").first()
    if found and wanted.weight:
        said = f"该部门同时联系着{found.division.name}，里面的户会算两次。"
        raise Refused("counted_twice", said, hint="请先结束那一条。", fields={"division": "算两次"})


@transaction.atomic
def set_department(*, code: str, name: str, by: User) -> Department:
    """A new department, or another name for a known one. Twice is once."""
    if not may(by, Permission.MANAGE_LINKAGES):
        raise Refused("not_yours", "您不能改部门。", status=403)
    name = folding.name(name)
    if not code or not name:
        raise Refused("name_missing", "请写部门的代码和名称。", fields={"name": "必填"})
    found, made = Department.objects.get_or_create(code=code, defaults={"name": name})
    if made or found.name != name:
        Department.objects.filter(pk=code).update(name=name)
        audit.record(by, "department.set", place=by.division_id or "", subject=code, added=made)
    return Department.objects.get(pk=code)
