"""What of months and points waits while the clock is in doubt."""

from collections.abc import Iterator
from datetime import date

from scoring import freezing
from scoring.ledger import expiry


def held_back(today: date) -> Iterator[str]:
    """What the calendar and the end of a year would do at once."""
    if villages := freezing.due(today):
        yield f"锁定 {villages} 个村的月度台账，记入积分"
    accounts, points = expiry.lapsing(today)
    if accounts:
        yield f"{accounts} 个账户到期的 {points} 分清零（先告知满期的）"
