"""Pictures from before they lay sealed."""

from households import audit
from households.sealing.older import seal_older
from rewards.models.pictures import Picture

AT_ONCE = 50  # a photo may have some hundred kilobytes


def seal_older_pictures() -> int:
    """Seal them; returns how many."""
    return seal_older(Picture.objects.all(), ("content",), at_once=AT_ONCE, note=_note)


def _note(count: int) -> None:
    audit.record(None, "picture.seal", count=count)
