"""What this room keeps about a household, for the household's own copy. What a household chose in a ballot is nobody's to tell."""

from collections.abc import Iterator

from django.utils import timezone

from households.models import Plate
from households.own_data.registry import KeptSection
from rewards.models import Redemption


def kept(plate: Plate) -> Iterator[KeptSection]:
    """Everything that was reserved and fetched."""
    found = Redemption.objects.filter(household=plate.household_id).select_related("item").order_by("pk")
    columns = ("登记时间", "物品", "数量", "积分", "状态", "领取时间", "代领人", "与户主关系", "凭证", "原因")
    yield KeptSection(30, "兑换", columns, [_row(one) for one in found])


def _row(one: Redemption) -> tuple[str, ...]:
    reserved, handed = (
        f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "" for at in (one.reserved_at, one.handed_at)
    )
    who = (one.collected_by, one.relation, one.get_proof_display() if one.handed_at else "", one.reason)
    return (reserved, one.item.name, str(one.quantity), str(one.points), one.get_state_display(), handed, *who)
