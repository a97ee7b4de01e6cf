"""Points that lapse: good to 31 December of the year after the one they were earned in (design section 8).

What is neither spent nor held by then is written off by new entries, and the owner is told beforehand. Both are worked out
from the entries alone, for a whole township in one statement, and both are harmless when repeated.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from households import audit
from households.codes import Level, code_range, reaches
from households.sql import column, hash_joins, run
from scoring.ledger import lots
from scoring.ledger.chains import CHAIN, lock
from scoring.ledger.posting import post

DEPARTMENTS = "department"

# What is left of the points earned in `upto` and before, and not held. The oldest points go first, so whatever goes out
# takes from these as long as there are any. Their sum is followed from entry to entry and never falls below zero: what is
# left is the sum at the end minus the lowest it would have come to.
_LAPSING = """
    WITH steps AS (
        SELECT account_id, seq, CASE WHEN amount > 0 AND year > %(upto)s THEN 0 ELSE amount END AS step
        FROM scoring_pointentry WHERE {where} AND amount <> 0
    ),
    walked AS (
        SELECT account_id, step, sum(step) OVER (PARTITION BY account_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS so_far
        FROM steps
    ),
    remaining AS (
        SELECT account_id, sum(step) - least(0, min(so_far)) AS points FROM walked GROUP BY account_id
    ),
    lapsing AS (
        SELECT a.id, a.owner_kind, a.owner, (r.points - a.held)::int AS points
        FROM remaining r JOIN scoring_account a ON a.id = r.account_id WHERE r.points > a.held
    )
"""
_INSIDE = _LAPSING.format(where="chain >= %(first)s AND chain < %(beyond)s")
_CHAINS = f"{_INSIDE} SELECT DISTINCT {CHAIN.format(of='l')} FROM lapsing l"
_DUE = f"""
    {_LAPSING.format(where="chain = ANY (%(chains)s::text[])")}
    SELECT owner_kind, owner, -points AS amount, %(text)s::text AS text FROM lapsing
"""
_REMIND = f"""
    {_INSIDE}
    INSERT INTO scoring_pointnotice (account_id, year, days, amount, at)
    SELECT id, %(upto)s, %(days)s, points, now() FROM lapsing ORDER BY owner
    ON CONFLICT (account_id, year, days) DO NOTHING
"""
_PLACES = """
    SELECT DISTINCT CASE WHEN starts_with(chain, 'department:') THEN 'department' ELSE left(chain, 9) END
    FROM scoring_ledgerhead ORDER BY 1
"""


def places() -> list[str]:
    """What lapses by itself, each in a transaction of its own: townships, counties, and "department" for all of those."""
    return column(_PLACES)


@transaction.atomic
def lapse(place: str, *, on: date) -> int:
    """Write off what lapsed before the day `on` in a place; returns accounts.

    What is held stays until it is spent or released; released, it lapses the following night.
    """
    year = lots.last_lapsed(on)
    params = _range(place) | {"upto": year}
    with hash_joins():
        chains = column(_CHAINS, params)
    if not chains:
        return 0
    lock(chains)
    entry = {"kind": "expiry", "month": "", "year": None, "prefix": f"expiry:{year}:{on}:{_kind(place)}:"}
    text = f"{year}年及以前获得的积分，有效期到{year + 1}年12月31日，已到期"
    accounts = post(_DUE, params | entry | {"chains": chains, "text": text})
    if accounts:
        audit.record(None, "points.lapse", place="" if place == DEPARTMENTS else place, subject=year, accounts=accounts)
    return accounts


@transaction.atomic
def remind(place: str, *, on: date) -> int:
    """Tell the owners of a place what lapses at the end of this year, when it is time to; returns how many were told.

    `POINT_NOTICE_DAYS` says how many days before; each notice is given once, a day missed is made up for later.
    """
    year = on.year - lots.YEARS_GOOD
    left = (lots.last_day_of(year) - on).days
    due = [days for days in settings.POINT_NOTICE_DAYS if left <= days]
    if not due:
        return 0
    with hash_joins():
        return run(_REMIND, _range(place) | {"upto": year, "days": min(due)})


def _kind(place: str) -> str:
    return DEPARTMENTS if place == DEPARTMENTS else "place"


def _range(place: str) -> dict[str, Any]:
    """Owners `low`..`high` and chains `first`..`beyond` of a place; a county's own account is alone in its place."""
    if place == DEPARTMENTS:
        return {"low": "", "high": "\U0010ffff", "first": "department:", "beyond": "department;"}
    beyond = code_range(place).high if reaches(place, Level.TOWNSHIP) else f"{place}\x01"
    return {"low": place, "high": beyond, "first": place, "beyond": beyond}
