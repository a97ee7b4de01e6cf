"""What of the shops waits while the clock is in doubt."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from rewards.models import Redemption


def held_back(_today: date) -> Iterator[str]:
    """Reservations past their time."""
    if number := Redemption.objects.reserved().filter(expires_at__lte=timezone.now()).count():
        yield f"过期未领的预订 {number} 份，放回货架、退回积分"
