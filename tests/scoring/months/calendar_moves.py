"""What beat and its workers do about the calendar of a county, one after the other."""

from django.utils import timezone

from scoring import tasks
from scoring.freezing import townships_due
from scoring.models import Period
from tests.world import COUNTY


def calendar_moves() -> None:
    """One round: what the county's message does, and then those that it asks for."""
    tasks.advance_county(COUNTY)
    for month in Period.objects.values_list("month", flat=True):
        for township in townships_due(month, COUNTY, on=timezone.localdate()):
            tasks.freeze_share(month, township)
