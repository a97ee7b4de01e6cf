"""Pictures from before they lay sealed."""

from django.db import transaction
from django.db.models.expressions import RawSQL

from households import audit
from rewards.models.pictures import Picture

AT_ONCE = 50  # a photo may have some hundred kilobytes
_CLEAR = "SELECT digest FROM rewards_picture WHERE get_byte(content, 0) >= 32 ORDER BY digest LIMIT %s"


def seal_older_pictures() -> int:
    """Seal them, a lot in a transaction; returns how many. Interrupted it goes on the next time; pages show them meanwhile."""
    done = 0
    while count := _seal_some():
        done += count
    return done


@transaction.atomic
def _seal_some() -> int:
    clear = Picture.objects.filter(pk__in=RawSQL(_CLEAR, [AT_ONCE]))  # noqa: S611
    found = list(clear.only("content").select_for_update(no_key=True))
    for picture in found:
        picture.save(update_fields=["content"])
    if found:
        audit.record(None, "picture.seal", count=len(found))
    return len(found)
