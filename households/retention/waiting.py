"""What of retention waits while the clock is in doubt."""

from collections.abc import Iterator
from datetime import date

from households.retention.actions import expired


def held_back(today: date) -> Iterator[str]:
    """How many households would be erased."""
    if number := len(expired(today)):
        yield f"清除 {number} 户注销已久的户的姓名、电话和地址"
