"""The shop's lists as files: the rows of the screen in its order, with its filter inside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from households.models import Division, User
from households.register import name_for
from rewards.models import Channel, Proof, Redemption
from rewards.states import RedemptionState
from scoring.board_files import FORMATS, attachment
from scoring.exports import csv_text, moment, xlsx_bytes

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
FILTERS = {"words": "查找", "state": "状态", "item": "物品", "month": "月份", "flagged": "只看要核对的"}


def redemptions_file(village: Division, found: Any, wanted: Mapping[str, Any], user: User, form: str) -> HttpResponse:
    """The list of redemptions as csv or xlsx, names as the reader sees them on the screen."""
    rows = [redemption_row(redemption, user) for redemption in found]
    notes = [("村", village.name), *((FILTERS[key], str(value)) for key, value in wanted.items() if value)]
    return as_file(f"{village.name}-兑换记录", REDEMPTIONS, rows, notes, form)


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
        "channel": Channel(redemption.channel).label,
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


def as_file(
    title: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
    notes: Sequence[tuple[str, str]],
    form: str,
) -> HttpResponse:
    """A table as csv or xlsx under its title and the moment it was made; 404 for another format."""
    if form not in FORMATS:
        raise Http404
    name = f"{title}-{timezone.localtime():%Y%m%dT%H%M%S}"
    body = csv_text(list(columns), rows) if form == "csv" else xlsx_bytes(columns, rows, title, notes)
    return attachment(body, form, name)
