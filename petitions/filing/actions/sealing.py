"""Titles and enterprises from before they lay sealed."""

from django.db import transaction
from django.db.models.expressions import RawSQL

from households import audit
from petitions.models import Petition

AT_ONCE = 500
_CLEAR = """
    SELECT id FROM petitions_petition WHERE erased_at IS NULL AND get_byte(title, 0) >= 32 ORDER BY id LIMIT %s
"""


def seal_older_titles() -> int:
    """Seal them, a lot in a transaction; returns how many. Interrupted it goes on the next time; pages show them meanwhile."""
    done = 0
    while count := _seal_some():
        done += count
    return done


@transaction.atomic
def _seal_some() -> int:
    clear = Petition.objects.filter(pk__in=RawSQL(_CLEAR, [AT_ONCE]))  # noqa: S611
    found = list(clear.only("title", "enterprise").order_by("pk").select_for_update(no_key=True))
    for petition in found:
        petition.save(update_fields=["title", "enterprise"])
    if found:
        audit.record(None, "petition.seal_titles", count=len(found))
    return len(found)
