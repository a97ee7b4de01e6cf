"""A wish held against the register: whether it can be done, since when it counts, and which rows it is about."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from households.changes import rooms, rules
from households.changes.rooms import ChangeStep
from households.changes.wishes import ChangeWish
from households.codes import Level, group_of, household_code, is_level, serial_of
from households.imports import cells
from households.imports.households import MAX_ADDRESS, MAX_NAME
from households.models import ENDINGS, ChangeKind, Division, Household, HouseholdChange, HouseholdErasure
from households.months import spoken_with_year
from households.refusals import Refused
from households.register import phones

_GONE = {ChangeKind.MERGE: "已并入 {other}", ChangeKind.MOVE: "已迁为 {other}", ChangeKind.CLOSE: "已注销"}
_HINTS = {ChangeKind.CLOSE: "要恢复的，请办“恢复”。"}


@dataclass(frozen=True, slots=True)
class Plan:
    """`household` is None for ADD; `group` where a new row comes to, None when there is none."""

    wish: ChangeWish
    household: Household | None
    other: Household | None
    group: Division | None
    counts_from: date

    def step(self) -> ChangeStep:
        """As the rooms see it before anything is written."""
        wish = self.wish
        group = self.group.code if self.group else ""
        return ChangeStep(wish.kind, wish.household, wish.other, self.counts_from, wish.release, group=group)


def cleaned(wish: ChangeWish) -> ChangeWish:
    """Names, number and address in the spelling that is kept. Refused with `fields` when one is none."""
    read = {
        "head_name": cells.name(MAX_NAME, required="户主"),
        "phone": cells.phone,
        "address": cells.text(MAX_ADDRESS),
        "note": cells.text(200),
    }
    given: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, reader in read.items():
        typed = getattr(wish, name)
        try:
            given[name] = typed if typed is None else reader(typed)
        except cells.CellFault as fault:
            faults[name] = str(fault)
    if faults:
        raise Refused("change_incomplete", f"{wish.kind.label}没有填对。", fields=faults)
    return replace(wish, **given)


def plan(wish: ChangeWish, *, lock: bool) -> Plan:
    """What the wish comes to. With `lock` the rows are held until the transaction ends; refused when it cannot be."""
    found = _rows(wish, lock=lock)
    household, other = found.get(wish.household), found.get(wish.other)
    if household:
        _check_standing(wish.kind, household)
    if other:
        _check_current(other, "other")
    group = _group(wish, household)
    if group and wish.serial:
        fresh_code(group.code, wish.serial)
    since = [since_of(one) for one in (household, other) if one] + [group.valid_from if group else None]
    begun = household.valid_from if household and wish.kind in ENDINGS else None
    day = rules.counts_from(wish.day, bound=rooms.bound(wish.villages), since=since, begun=begun)
    if wish.kind is ChangeKind.REOPEN and household and household.valid_to:
        day = max(day, household.valid_to)
    return Plan(wish, household, other, group, day)


def _rows(wish: ChangeWish, *, lock: bool) -> dict[str, Household]:
    codes = sorted({wish.household, wish.other} - {""})
    wanted: QuerySet[Household] = Household.objects.filter(code__in=codes).order_by("code")
    found = {one.code: one for one in (wanted.select_for_update() if lock else wanted)}
    for name in ("household", "other"):
        code = getattr(wish, name)
        if code and code not in found:
            raise Refused("household_unknown", f"没有编号为 {code} 的户。", fields={name: "没有这一户"}, status=404)
    return found


def since_of(household: Household) -> date | None:
    """Since when the household has been what it is: come, come back, taken somebody in, let somebody go. Nothing that is done
    later counts before that, or whoever was taken in would be nowhere in between.
    """
    turned = HouseholdChange.objects.filter(Q(household=household) | Q(other=household)).exclude(
        kind__in=(ChangeKind.CORRECT, ChangeKind.HEIR)
    )
    last = turned.aggregate(last=Max("counts_from"))["last"]
    return last or household.valid_from


def last_ending(household: Household) -> HouseholdChange | None:
    """The change by which the household left the register last."""
    ended = HouseholdChange.objects.filter(household=household, kind__in=ENDINGS)
    return ended.order_by("-id").first() if household.valid_to else None


def _check_current(household: Household, name: str = "household") -> None:
    if household.valid_to is None:
        return
    last = last_ending(household)
    kind = ChangeKind(last.kind) if last else ChangeKind.CLOSE
    gone = _GONE[kind].format(other=last.other_id if last else "")
    raise Refused(
        "household_ended",
        f"户 {household.code} {gone}（{spoken_with_year(household.valid_to)}起），不能办这一项。",
        hint=_HINTS.get(kind, "请在新的户编号上办。"),
        fields={name: gone},
        status=409,
    )


def _check_standing(kind: ChangeKind, household: Household) -> None:
    if kind is ChangeKind.REOPEN:
        _check_closed(household, "恢复")
        _check_kept(household)
        _check_group(household)
    elif kind is ChangeKind.HEIR:
        _check_closed(household, "指定积分去向")
        _check_heirless(household)
    else:
        _check_current(household)


def _check_closed(household: Household, what: str) -> None:
    last = last_ending(household)
    if household.valid_to is None:
        raise Refused("household_current", "这一户在册，没有注销。", status=409)
    if last and last.kind != ChangeKind.CLOSE:
        raise Refused(
            "household_goes_on",
            f"这一户是以 {last.other_id} 继续的，不能{what}。",
            hint="请在新的户编号上办。",
            status=409,
        )


def _check_kept(household: Household) -> None:
    if HouseholdErasure.objects.filter(pk=household.pk).exists():
        hint = "家里人回来的，请办“新增”，用新的户编号。"
        raise Refused("household_erased", "这一户注销已久，个人信息已清除，不能恢复。", hint=hint, status=409)


def _check_group(household: Household) -> None:
    """A group that is over takes nobody back."""
    if household.group.valid_to is not None:
        hint = "家里人回来的，请在现在的组办“新增”，用新的户编号。"
        raise Refused("group_ended", f"{household.group.name}已经停用，不能在原编号上恢复。", hint=hint, status=409)


def term_of(closing: HouseholdChange) -> date:
    """The last day on which the points of a closed household can be given to another."""
    return timezone.localdate(closing.at) + timedelta(days=settings.HEIR_DAYS)


def _check_heirless(household: Household) -> None:
    last = last_ending(household)
    if last is None or last.other_id or _heirs_since(last).exists():
        raise Refused("heir_known", "这一户的积分已经指定过去向。", status=409)
    if timezone.localdate() > term_of(last):
        raise Refused("heir_too_late", f"注销已满 {settings.HEIR_DAYS} 天，剩下的积分已经作废。", status=409)


def _heirs_since(closing: HouseholdChange) -> "QuerySet[HouseholdChange]":
    return HouseholdChange.objects.filter(household=closing.household_id, kind=ChangeKind.HEIR, id__gt=closing.pk)


def _group(wish: ChangeWish, household: Household | None) -> Division | None:
    """The group that a new row comes to."""
    if wish.kind not in (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MOVE):
        return None
    code = wish.group or group_of(household.code if household else "")
    group = Division.objects.filter(code=code).select_related("parent").first()
    if group is None or not is_level(code, Level.GROUP):
        raise Refused("group_unknown", f"没有代码为 {code} 的组。", fields={"group": "没有这个组"}, status=404)
    if group.valid_to is not None:
        raise Refused("group_ended", f"{group.name}已经停用。", fields={"group": "已停用"}, status=409)
    return group


def fresh_code(group: str, wanted: int) -> str:
    """A code that was never used: that of the wanted door number, or the next one. Call with the village's register held."""
    used = {int(serial_of(code)) for code in Household.objects.filter(group=group).values_list("code", flat=True)}
    if wanted in used:
        raise Refused(
            "number_used", f"户号 {wanted:04d} 用过了，用过的户号不再用。", fields={"serial": "用过了"}, status=409
        )
    serial = wanted or rules.next_serial(used)
    if not serial:
        raise Refused("group_full", "这个组的户号用完了。", fields={"group": "户号用完了"})
    return household_code(group, serial)


def overwritten(plan: Plan) -> dict[str, tuple[str, str]]:
    """What a correction writes over, by field: what stands there, and what comes in its place."""
    household, wish = plan.household, plan.wish
    if household is None:
        return {}
    stands = {
        "head_name": household.head_name,
        "address": household.address,
        "phone": phones.read_kept(household.phone),
    }
    pairs = ((name, old, getattr(wish, name)) for name, old in stands.items())
    return {name: (old, new) for name, old, new in pairs if new is not None and new != old}


def last_change(code: str) -> int:
    """The number of the last change that the household had a part in; 0 for none."""
    mine = HouseholdChange.objects.filter(Q(household=code) | Q(other=code))
    return mine.aggregate(last=Max("id"))["last"] or 0


def check_unmoved(wish: ChangeWish, seen: int | None) -> None:
    """Refuse when somebody has changed the household since the page was made (`seen`); None claims nothing."""
    if seen is not None and wish.household and last_change(wish.household) != seen:
        raise Refused(
            "household_moved_on",
            "这一户刚刚有人改过。",
            hint="请看过现在的情况再办。",
            fields={"seen": "已变"},
            status=409,
        )
