"""Who is kin to whom, as it was declared. What decides over a household asks here; nothing here is for a page of others."""

from django.db.models import QuerySet

from households.models import KinTie, User
from households.sql import column

# A household that was declared, and whatever it has become since: it moved, was taken in, or was split.
_HOUSEHOLDS = """
    WITH RECURSIVE reached (code) AS (
        SELECT household_id FROM households_kintie WHERE user_id = %(user)s AND ended_at IS NULL
        UNION
        SELECT c.other_id FROM reached r JOIN households_householdchange c ON c.household_id = r.code
        WHERE c.kind IN ('split', 'merge', 'move')
    )
    SELECT code FROM reached ORDER BY code
"""


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
