"""Titles and enterprises from before they lay sealed."""

from households import audit
from households.sealing.older import seal_older
from petitions.models import Petition

AT_ONCE = 500


def seal_older_titles() -> int:
    """Seal them; returns how many. Those of petitions that were erased are gone."""
    kept = Petition.objects.filter(erased_at=None)
    return seal_older(kept, ("title", "enterprise"), at_once=AT_ONCE, note=_note)


def _note(count: int) -> None:
    audit.record(None, "petition.seal_titles", count=count)
