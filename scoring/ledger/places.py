"""Points of places that ended by a change of places: they go where the place went, also what comes to its account later."""

from django.db import transaction

from households import audit
from households.borders.rooms import BorderStep
from households.sql import rows
from scoring.ledger.actions import open_posting, write
from scoring.ledger.heirs import Part, moves_in, moves_out, pass_owner
from scoring.ledger.owners import Owner, division, state_of
from scoring.models import EntryKind

OUT, IN = "区划调整，积分转到 {}", "区划调整，从 {} 转来的积分"
# Each place that ended and as what it goes on, by the orders that stand.
GONE = """
    SELECT l.old_id AS old, l.new_id AS new, l.order_id AS number, l.kind FROM households_borderline l
    JOIN households_borderorder o ON o.id = l.order_id AND o.undone_at IS NULL WHERE l.kind IN ('move', 'merge')
"""
_LEFT_BEHIND = f"""
    SELECT g.old, g.new, g.number FROM ({GONE}) g JOIN scoring_account a ON a.owner_kind = 'division' AND a.owner = g.old
    WHERE a.balance > a.held OR a.owed > 0 ORDER BY length(g.old) DESC, g.old
"""
_MOVED_IN = """
    SELECT p.year, p.month, sum(p.amount) FROM scoring_pointentry p JOIN scoring_account a ON a.id = p.account_id
    WHERE a.owner_kind = 'division' AND a.owner = %(new)s AND p.kind = 'moved_in' AND p.amount > 0
      AND starts_with(p.source_key, %(key)s) GROUP BY 1, 2 ORDER BY 1, 2
"""
_OF_ORDER = "SELECT old_id, new_id, kind FROM households_borderline WHERE order_id = %(order)s AND kind IN ('move', 'merge') ORDER BY id"


def pass_place(old: str, new: str, order: int) -> int:
    """Everything of a place that is not held goes on; returns the points. In a transaction."""
    return pass_owner(division(old), division(new), f"border:{order}-{old}", OUT.format(new), IN.format(old))


def settle_places() -> int:
    """Pass on whatever came late; each place by itself, harmless when repeated."""
    return sum(_settle(*row) for row in rows(_LEFT_BEHIND))


@transaction.atomic
def _settle(old: str, new: str, order: int) -> int:
    points = pass_place(old, new, order)
    if points:
        audit.record(None, "points.pass_on", place=old, subject=new, points=points)
    return int(points > 0)


def give_back(step: BorderStep) -> int:
    """What an order that is taken back brought to other places; returns the points. In a transaction."""
    return sum(_give_back(step.order, *row) for row in rows(_OF_ORDER, {"order": step.order}))


def _give_back(order: int | None, old: str, new: str, kind: str) -> int:
    if kind == "move":
        return pass_owner(division(new), division(old), f"border:{order}-{new}-back", OUT.format(old), IN.format(new))
    parts = _brought(old, new, order)
    points = sum(part for *_, part in parts)
    if points:
        key = f"border:{order}-{new}-{old}-back"
        write(open_posting(division(new), key, EntryKind.MOVED_OUT), moves_out(key, parts, 0, OUT.format(old)))
        write(open_posting(division(old), key, EntryKind.MOVED_IN), moves_in(key, parts, 0, IN.format(new)))
    return points


def _brought(old: str, new: str, order: int | None) -> list[Part]:
    found = rows(_MOVED_IN, {"new": new, "key": f"moved_in:border:{order}-{old}."})
    return [(year, month, int(points)) for year, month, points in found]


def spent(step: BorderStep) -> list[str]:
    """Places that no longer have what an order brought them."""
    short = []
    for old, new, kind in rows(_OF_ORDER, {"order": step.order}):
        owner: Owner = division(new)
        if kind == "merge" and state_of(owner).unheld < sum(points for *_, points in _brought(old, new, step.order)):
            short.append(new)
    return short
