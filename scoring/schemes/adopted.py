"""Which scheme applies, and which one a county has taken up: on the log, which nobody can change, stands who did."""

from households.models import AuditEvent
from households.months import Month
from scoring.models import Scheme

ADOPTED = "scheme.adopt"


def in_force(month: Month) -> Scheme | None:
    """The scheme by which a month like this one is assessed."""
    return Scheme.objects.filter(published_at__isnull=False, effective_from__lte=month).last()


def adopted(county: str) -> str:
    """The code of the scheme that the county took up last; empty when none."""
    done = AuditEvent.objects.filter(action=ADOPTED, place=county).order_by("-id")
    return done.values_list("subject", flat=True).first() or ""
