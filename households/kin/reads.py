"""Who is kin to whom, as it was declared. What decides over a household asks here; nothing here is for a page of others."""

from django.db.models import QuerySet

from households.models import KinTie, User
from households.sql import column

# A household that was declared, and whatever it has become since: it moved, was taken in, was split, or has another code since
# places changed. The one way to ask it, also in statements of other rooms; several ties may lead to one household.
REACHED = """
    reached (user_id, code, since, until) AS (
        SELECT user_id, household_id, declared_at, ended_at FROM households_kintie {ties}
        UNION
        SELECT r.user_id, c.other_id, greatest(r.since, c.at), r.until FROM reached r
        JOIN households_householdchange c ON c.household_id = r.code
        WHERE c.kind IN ('split', 'merge', 'move')
    )
"""
STANDING = "WHERE ended_at IS NULL"
_OWN = REACHED.format(ties=f"{STANDING} AND user_id = %(user)s")
_HOUSEHOLDS = f"WITH RECURSIVE {_OWN} SELECT code FROM reached ORDER BY code"


def households_of(user: User) -> frozenset[str]:
    """Codes of the households that are the person's own or their kin's. One query."""
    return frozenset(column(_HOUSEHOLDS, {"user": user.pk}))


def is_kin(user: User, code: str) -> bool:
    """Whether the household is the person's own or their kin's; never of a division's code."""
    return code in households_of(user)


def ties_of(user: User) -> "QuerySet[KinTie]":
    """What stands declared, with the households."""
    standing = KinTie.objects.filter(user=user, ended_at=None)
    return standing.select_related("household__group__parent", "declared_by")
