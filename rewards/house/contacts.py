"""What households wait for in the shop, for those who look after them."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone

from households.contacts.news import HouseholdNews
from rewards.models import Redemption


def news(households: Sequence[str], _today: date) -> Iterator[HouseholdNews]:
    """Goods that were reserved and not fetched. One query."""
    waiting = Redemption.objects.reserved().filter(household__in=households).select_related("item").order_by("pk")
    for one in waiting:
        day = timezone.localdate(one.reserved_at)
        said = f"{one.item.name} {one.quantity} {one.item.unit}，{day.month}月{day.day}日预订，等领"
        yield HouseholdNews(one.household_id, said, waits=True)
