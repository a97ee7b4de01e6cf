"""What a household's points page says."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from scoring.ledger import expiry, proofs
from scoring.ledger.owners import Owner, PointBalance, state_of
from scoring.ledger.proofs import Provable
from scoring.models import PointEntry, PointNotice
from scoring.points import reads as point_accounts
from scoring.points.reads import Lot


@dataclass(frozen=True, slots=True)
class Notice:
    """The household was told that points lapse."""

    told: date
    points: int
    until: date


@dataclass(frozen=True, slots=True)
class PointsPage:
    """Everything on the page. `published` is how many of the household's rows stand in the last published list."""

    points: PointBalance
    lots: list[Lot]
    entries: list[PointEntry]
    notices: list[Notice]
    provable: Provable | None
    published: int

    @property
    def unpublished(self) -> int:
        return len(self.entries) - self.published


def page_of(owner: Owner) -> PointsPage:
    """The page of a household. Five queries."""
    entries = list(point_accounts.entries_of(owner))
    left = point_accounts.lots_among((entry.amount, entry.year) for entry in reversed(entries) if entry.amount)
    found = proofs.provable(owner)
    size = found.line.size if found else 0
    return PointsPage(
        points=state_of(owner),
        lots=left,
        entries=entries,
        notices=_notices(owner, timezone.localdate()),
        provable=found,
        published=sum(entry.seq <= size for entry in entries),
    )


def _notices(owner: Owner, today: date) -> list[Notice]:
    """What the household was told of points that are still good, the newest first."""
    told = PointNotice.objects.filter(account__owner_kind=owner.kind, account__owner=owner.code).order_by("-id")
    days = [(timezone.localdate(one.at), one) for one in told[:4]]
    notices = [Notice(day, one.amount, expiry.good_until(one.year, day)) for day, one in days]
    return [notice for notice in notices if notice.until >= today]
