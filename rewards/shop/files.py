"""The shop's lists as files: the rows of the screen in its order, with its filter inside."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from households.files.answers import table
from households.files.exports import MONEY, moment
from households.models import Division, User
from households.register.reads import name_for
from rewards.models import Proof, Redemption, RedemptionChannel
from rewards.money import yuan
from rewards.shop.reconciliation import ItemLine, Reconciliation
from rewards.states import RedemptionState

REDEMPTIONS = {
    "number": "编号",
    "household": "户编号",
    "name": "户主",
    "group": "组",
    "item": "物品",
    "quantity": "数量",
    "unit": "单位",
    "points": "积分",
    "month": "所属月份",
    "state": "状态",
    "channel": "渠道",
    "reserved_at": "登记时间",
    "handed_at": "领取时间",
    "proof": "凭证",
    "collected_by": "代领人",
    "relation": "与户主关系",
    "to_home": "送到家",
    "handed_by": "经办人",
    "flags": "要核对的",
    "reason": "取消或退货原因",
}
RECONCILIATION = {
    "item": "物品",
    "unit": "单位",
    "opening": "月初库存",
    "purchased": "进货",
    "handed_over": "发放",
    "returned": "退货",
    "variance": "盘点差异",
    "found": "断网补差",
    "handed_on": "移交",
    "closing": "月末库存",
    "purchased_yuan": "进货金额（元）",
    "handed_over_yuan": "发放成本（元）",
}
FILTERS = {"words": "查找", "state": "状态", "item": "物品", "month": "月份", "flagged": "只看要核对的"}


def redemptions_file(village: Division, found: Any, wanted: Mapping[str, Any], user: User, form: str) -> HttpResponse:
    """The list of redemptions as csv or xlsx, names as the reader sees them on the screen; 404 for another format."""
    rows = [redemption_row(redemption, user) for redemption in found]
    notes = [("村", village.name), *((FILTERS[key], str(value)) for key, value in wanted.items() if value)]
    title = f"{village.name}-兑换记录"
    return table(form, REDEMPTIONS, rows, name=_stamped(title), title=title, notes=notes)


def redemption_row(redemption: Redemption, user: User) -> dict[str, Any]:
    """One row of the file."""
    return {
        "number": redemption.pk,
        "household": redemption.household_id,
        "name": name_for(redemption.household, user),
        "group": redemption.household.group.name,
        "item": redemption.item.name,
        "quantity": redemption.quantity,
        "unit": redemption.item.unit,
        "points": redemption.points,
        "month": redemption.month,
        "state": RedemptionState(redemption.state).label,
        "channel": RedemptionChannel(redemption.channel).label,
        "reserved_at": moment(redemption.reserved_at),
        "handed_at": moment(redemption.handed_at),
        "proof": Proof(redemption.proof).label if redemption.handed_at else "",
        "collected_by": redemption.collected_by,
        "relation": redemption.relation,
        "to_home": "是" if redemption.delivered_to_home else "",
        "handed_by": redemption.handed_by.display_name if redemption.handed_by else "",
        "flags": "、".join(redemption.flags),
        "reason": redemption.reason,
    }


def reconciliation_file(village: Division, found: Reconciliation, form: str) -> HttpResponse:
    """A month's reconciliation: a row for each item, what agrees and what does not among the notes."""
    rows = [reconciliation_row(line) for line in found.items]
    title, notes = f"{village.name}-{found.month}-超市对账", notes_of(village, found)
    formats = {"purchased_yuan": MONEY, "handed_over_yuan": MONEY}
    return table(form, RECONCILIATION, rows, name=_stamped(title), title=title, notes=notes, formats=formats)


def reconciliation_row(line: ItemLine) -> dict[str, Any]:
    """One row of the file."""
    names = ("opening", "purchased", "handed_over", "returned", "variance", "found", "handed_on", "closing")
    row: dict[str, Any] = {name: getattr(line, name) for name in names}
    money = {"purchased_yuan": yuan(line.purchased_fen), "handed_over_yuan": yuan(line.handed_over_fen)}
    return {"item": line.item.name, "unit": line.item.unit, **row, **money}


def notes_of(village: Division, found: Reconciliation) -> list[tuple[str, str]]:
    """What the screen says above and below the table."""
    return [
        ("村", village.name),
        ("月份", found.month),
        ("兑换应扣积分", str(found.points_due)),
        ("积分账实扣", str(found.points_booked)),
        ("发放笔数", str(len(found.handed_over))),
        ("密码确认", str(found.by_pin)),
        ("签名确认", str(found.by_signature)),
        ("没有凭证", str(len(found.unproven))),
        ("结论", "三样对得上" if found.agrees else "有对不上的"),
        *((one.where, f"应为{one.expected}，实为{one.found}") for one in found.differences),
    ]


def _stamped(title: str) -> str:
    """The file's name: its title and the moment it was made."""
    return f"{title}-{timezone.localtime():%Y%m%dT%H%M%S}"
