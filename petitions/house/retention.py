"""Which households petitions keep from being erased. What was written in a petition goes by its own term (ADR 18)."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from petitions.models import Petition
from petitions.states import ENDED


def held(codes: Sequence[str]) -> Iterator[str]:
    """Those with a matter that goes on, or that is kept for a court or an inquiry."""
    living = Petition.objects.filter(Q(held=True) | ~Q(state__in=ENDED))
    yield from Petition.objects.filter(household__in=codes, case__in=living.values("case")).values_list(
        "household", flat=True
    )
