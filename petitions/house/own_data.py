"""What this room keeps about a household, for the household's own copy: what its own page of petitions shows, and no more."""

from collections.abc import Iterator

from django.utils import timezone

from households.models import Plate
from households.own_data.registry import KeptSection
from petitions.filing.household_page import filed_by_household


def kept(plate: Plate) -> Iterator[KeptSection]:
    """Numbers, dates and states; what was written is read under the number."""
    rows = [
        (one.number, f"{timezone.localtime(one.filed_at):%Y-%m-%d}", one.title, one.place.name, one.status.label)
        for one in filed_by_household(plate)
    ]
    yield KeptSection(40, "反映的问题", ("编号", "日期", "标题", "地点", "状态"), rows)
