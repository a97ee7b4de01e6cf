"""Points for tests: earned in a year of one's choice, and accounts at a glance."""

from itertools import count

from households.sql import rows
from scoring.checks.points import OF_POINTS
from scoring.ledger import door as ledger
from scoring.ledger import posting
from scoring.ledger.owners import Owner
from scoring.models import Account, PointEntry

_numbers = count(1)


def earn(owner: Owner, points: int, *, year: int, month: str = "") -> None:
    """Credit points as freezing does, earned in `year`."""
    due = (
        "SELECT %(owner_kind)s::text AS owner_kind, %(owner)s::text AS owner, %(points)s AS amount, '考核所得' AS text"
    )
    entry = {
        "kind": "freeze",
        "month": month,
        "year": year,
        "prefix": f"test:{next(_numbers)}:",
        "low": "",
        "high": "~",
    }
    ledger.lock([owner.chain])
    assert posting.post(due, entry | {"owner_kind": owner.kind, "owner": owner.code, "points": points}) == 1


def figures(owner: Owner) -> tuple[int, int, int]:
    """(balance, held, owed); nothing without an account."""
    found = Account.objects.filter(owner_kind=owner.kind, owner=owner.code)
    return found.values_list("balance", "held", "owed").first() or (0, 0, 0)


def assert_sound() -> None:
    """Every invariant of points holds; as `verify` asks them, without those of the months."""
    assert [row for invariant in OF_POINTS for row in rows(invariant.sql)] == []


def entries_of(owner: Owner) -> list[tuple[str, int, int, int]]:
    """(kind, balance, held, owed) of the owner's entries, in order."""
    mine = PointEntry.objects.filter(account__owner_kind=owner.kind, account__owner=owner.code).order_by("seq")
    return list(mine.values_list("kind", "amount", "held", "owed"))


def balance(owner: str) -> int:
    return Account.objects.filter(owner=owner).values_list("balance", flat=True).first() or 0
