"""What of petitions waits while the clock is in doubt."""

from collections.abc import Iterator
from datetime import date

from petitions.erasing.rules import Extent, expired


def held_back(_today: date) -> Iterator[str]:
    """What would be erased at once."""
    for extent in (Extent.ALL, Extent.PAPERS):
        if number := expired(extent).count():
            yield f"信访件保存期满，清除{extent.label} {number} 件"
