"""What a change does to the register and the plates, as sentences of its preview."""

from collections.abc import Iterator

from households.changes.plans import Plan, overwritten
from households.changes.rooms import ChangeEffect
from households.codes import group_of, village_of
from households.masks import mask_name, mask_phone
from households.models import ChangeKind, Household, Plate, User
from households.months import label, month_of, spoken_with_year
from households.register.reads import knows_names_of
from households.scope import lies_in

_WHAT = {
    ChangeKind.ADD: "新户从{day}起在册，得到一个没有用过的户编号。",
    ChangeKind.CORRECT: "户编号不变，积分和记录不变。",
    ChangeKind.SPLIT: "原户编号不变；分出的户从{day}起在册，得到一个没有用过的户编号。",
    ChangeKind.MERGE: "这一户从{day}起不在册，并入 {other}；编号以后不再用。",
    ChangeKind.MOVE: "从{day}起在新的组用新的户编号；原编号注销，以后不再用。",
    ChangeKind.CLOSE: "这一户从{day}起不在册；编号以后不再用。",
    ChangeKind.REOPEN: "这一户从{day}起重新在册，仍用原编号；中间的月份不补。",
    ChangeKind.HEIR: "这一户剩下的积分转给 {other}。",
}
_RENUMBERED = "还在原来的组，从{day}起改用户号 {number:04d}；原编号注销，以后不再用。"
FIELDS = {"head_name": "户主", "phone": "电话", "address": "地址"}


def own_effects(plan: Plan, by: User | None) -> Iterator[ChangeEffect]:
    """In the order in which they are read. `by` reads them; without one it is somebody who knows the household's name."""
    wish = plan.wish
    renumbered = wish.kind is ChangeKind.MOVE and wish.group == group_of(wish.household)
    what = _RENUMBERED if renumbered else _WHAT[wish.kind]
    yield ChangeEffect(what.format(day=spoken_with_year(plan.counts_from), other=wish.other, number=wish.serial))
    if wish.kind is ChangeKind.CORRECT:
        yield from _written_over(plan, by)
    if wish.kind not in (ChangeKind.CORRECT, ChangeKind.HEIR) and month_of(plan.counts_from) > month_of(wish.day):
        start = label(month_of(plan.counts_from))
        why = "以前的月份已经申报、锁定，或者那时有户还在办别的变更"
        yield ChangeEffect(f"发生在{spoken_with_year(wish.day)}，从{start}起算：{why}，不改动。")
    yield from _plates(plan)
    yield from _namesakes(plan)


def _written_over(plan: Plan, by: User | None) -> Iterator[ChangeEffect]:
    named = by is None or knows_names_of(by, plan.wish.household)
    masks = {"phone": mask_phone, "head_name": str if named else mask_name}
    for name, (old, new) in overwritten(plan).items():
        was = masks.get(name, str)(old)
        comes = mask_phone(new) if name == "phone" else new
        yield ChangeEffect(f"{FIELDS[name]}由{was or '没有登记'}改为{comes or '没有登记'}。")


def _plates(plan: Plan) -> Iterator[ChangeEffect]:
    wish = plan.wish
    hangs = plan.household and Plate.objects.filter(household=plan.household, revoked_at=None).exists()
    if hangs and (wish.kind in (ChangeKind.MERGE, ChangeKind.MOVE, ChangeKind.CLOSE) or wish.new_door):
        yield ChangeEffect("现在的户牌马上作废，原密码不能再用。")
    if wish.kind in (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MOVE) or wish.new_door:
        yield ChangeEffect("办完要发新的户牌和密码。")
    if wish.kind is ChangeKind.REOPEN:
        yield ChangeEffect("原户牌已经作废，办完要发新的户牌和密码。")


def _namesakes(plan: Plan) -> Iterator[ChangeEffect]:
    wish = plan.wish
    if wish.kind in (ChangeKind.ADD, ChangeKind.SPLIT) and plan.group:
        here = Household.objects.filter(lies_in(village_of(plan.group.code)), head_name=wish.head_name, valid_to=None)
        if same := list(here.values_list("code", flat=True)[:3]):
            yield ChangeEffect(f"本村已有同名的户主（{'、'.join(same)}），请核对不是同一户登记两次。")
