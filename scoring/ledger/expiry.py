"""Points that lapse: good to 31 December of the year after the one they were earned in (design section 8).

What is neither spent nor held by then is written off by new entries, and the owner is told beforehand. Both are worked out
from the entries alone, for a whole township in one statement, and both are harmless when repeated. Nothing lapses of which
its owner was not told long enough before, also when the system stood still over those days: then it is told late, and
stays good until the time of notice is over.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from households import audit
from households.codes import Level, code_range, level_of, reaches
from households.inbox.actions import tell
from households.outbox.actions import put
from households.roles import Role
from households.sql import column, hash_joins, rows, run
from scoring.ledger import lots
from scoring.ledger.chains import CHAIN, lock
from scoring.ledger.posting import post
from scoring.models import Account, OwnerKind, PointNotice

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
        FROM remaining r JOIN scoring_account a ON a.id = r.account_id WHERE r.points > a.held AND {told}
    )
"""
_TOLD = """EXISTS (SELECT FROM scoring_pointnotice n
    WHERE n.account_id = a.id AND n.year = %(upto)s AND n.at < %(told_before)s)"""
_UNTOLD = "NOT EXISTS (SELECT FROM scoring_pointnotice n WHERE n.account_id = a.id AND n.year = %(upto)s)"
_PLACE = "chain >= %(first)s AND chain < %(beyond)s"
_INSIDE = _LAPSING.format(where=_PLACE, told="true")
_CHAINS = f"{_LAPSING.format(where=_PLACE, told=_TOLD)} SELECT DISTINCT {CHAIN.format(of='l')} FROM lapsing l"
_DUE = f"""
    {_LAPSING.format(where="chain = ANY (%(chains)s::text[])", told=_TOLD)}
    SELECT owner_kind, owner, -points AS amount, %(text)s::text AS text FROM lapsing
"""
_TELL = """
    INSERT INTO scoring_pointnotice (account_id, year, days, amount, at)
    SELECT id, %(upto)s, %(days)s, points, %(at)s FROM lapsing ORDER BY owner
    ON CONFLICT (account_id, year, days) DO NOTHING
"""
_REMIND = f"{_INSIDE} {_TELL}"
_REMIND_LATE = f"{_LAPSING.format(where=_PLACE, told=_UNTOLD)} {_TELL}"
_COUNT = f"{_INSIDE} SELECT count(*), coalesce(sum(points), 0)::int FROM lapsing"
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
    told_before = timezone.make_aware(datetime.combine(on, datetime.min.time())) - timedelta(days=notice_days() - 1)
    params = _range(place) | {"upto": year, "told_before": told_before}
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

    `POINT_NOTICE_DAYS` says how many days before; each notice is given once, a day missed is made up for later, also
    when the year is over already.
    """
    at = timezone.make_aware(datetime.combine(on, timezone.localtime().time()))
    with hash_joins():
        told = sum(
            run(sql, _range(place) | {"upto": year, "days": days, "at": at}) for sql, year, days in _notices_due(on)
        )
    if told:
        _tell_posts(place, at)
        _tell_households(place, at)
    return told


def _tell_posts(place: str, at: datetime) -> None:
    """What lapses of a village, group, township or department, for whoever works there; households have pages of their own."""
    bounds = _range(place)
    inside = Q(account__owner__gte=bounds["low"], account__owner__lt=bounds["high"])
    of_departments = Q(account__owner_kind=OwnerKind.DEPARTMENT)
    notices = PointNotice.objects.filter(inside, of_departments if place == DEPARTMENTS else ~of_departments, at=at)
    for notice in notices.exclude(account__owner_kind=OwnerKind.HOUSEHOLD).select_related("account"):
        owner = notice.account
        about = [owner.owner_kind, owner.owner, notice.amount, notice.year]
        tell("points.lapsing", key=notice.pk, to=[(_role_at(owner), owner.owner)], about=about)


def _tell_households(place: str, at: datetime) -> None:
    bounds = _range(place)
    of_households = PointNotice.objects.filter(account__owner_kind=OwnerKind.HOUSEHOLD, at=at)
    inside = of_households.filter(account__owner__gte=bounds["low"], account__owner__lt=bounds["high"])
    for year, days in inside.order_by("year", "days").values_list("year", "days").distinct():
        codes = inside.filter(year=year, days=days).values_list("account__owner", flat=True)
        put("points.lapsing", key=f"{year}:{days}", households=codes)


def _role_at(owner: Account) -> Role:
    """Who looks after what a place or department has."""
    if owner.owner_kind == OwnerKind.DEPARTMENT:
        return Role.DEPARTMENT
    at = {Level.GROUP: Role.GROUP_LEADER, Level.VILLAGE: Role.CADRE, Level.TOWNSHIP: Role.TOWNSHIP}
    return at.get(level_of(owner.owner), Role.COUNTY_OFFICE)


def _notices_due(on: date) -> Iterator[tuple[str, int, int]]:
    """The statement, the year and the days of every notice that a day asks for."""
    year = on.year - lots.YEARS_GOOD
    left = (lots.last_day_of(year) - on).days
    if due := [days for days in settings.POINT_NOTICE_DAYS if left <= days]:
        yield _REMIND, year, min(due)
    yield _REMIND_LATE, lots.last_lapsed(on), notice_days()


def notice_days() -> int:
    """Days that lie between the telling and the lapsing at least."""
    return min(settings.POINT_NOTICE_DAYS)


def good_until(year: int, told: date) -> date:
    """The last day of points of a year whose owner was told on a day."""
    return max(lots.last_day_of(year), told + timedelta(days=notice_days() - 1))


def lapsing(on: date) -> tuple[int, int]:
    """(accounts, points) of all places whose time is over on a day, whether told of or not."""
    found = [rows(_COUNT, _range(place) | {"upto": lots.last_lapsed(on)})[0] for place in places()]
    return sum(accounts for accounts, _ in found), sum(points for _, points in found)


def _kind(place: str) -> str:
    return DEPARTMENTS if place == DEPARTMENTS else "place"


def _range(place: str) -> dict[str, Any]:
    """Owners `low`..`high` and chains `first`..`beyond` of a place; a county's own account is alone in its place."""
    if place == DEPARTMENTS:
        return {"low": "", "high": "\U0010ffff", "first": "department:", "beyond": "department;"}
    beyond = code_range(place).high if reaches(place, Level.TOWNSHIP) else f"{place}\x01"
    return {"low": place, "high": beyond, "first": place, "beyond": beyond}
