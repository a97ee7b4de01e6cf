"""Who owns points, and what they have of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from households.codes import village_of
from households.months import Month, month_of, previous_month
from households.refusals import Refused
from households.sql import rows
from scoring.models import OwnerKind
from scoring.months.months import calendar_of


@dataclass(frozen=True, slots=True)
class Owner:
    """A household (18 digits), a division (14, 12, 9 or 6) or a department, by its code."""

    kind: str
    code: str

    def __post_init__(self) -> None:
        if self.kind not in OwnerKind.values:
            raise ValueError(f"no kind of owner: {self.kind!r}")

    @property
    def chain(self) -> str:
        """The chain that their entries hang on."""
        return f"department:{self.code}" if self.kind == OwnerKind.DEPARTMENT else village_of(self.code)


def household(code: str) -> Owner:
    """The household as an owner of points."""
    return Owner(OwnerKind.HOUSEHOLD, code)


def division(code: str) -> Owner:
    """A group, village or township as an owner of points."""
    return Owner(OwnerKind.DIVISION, code)


def department(code: str) -> Owner:
    """A county department as an owner of points."""
    return Owner(OwnerKind.DEPARTMENT, code)


@dataclass(frozen=True, slots=True)
class PointBalance:
    """What an owner has: `balance` points, `held` of them reserved, `pending` not yet open for redemption, `owed` to be
    taken from what comes in. `free` is what can be spent today."""

    balance: int = 0
    held: int = 0
    owed: int = 0
    pending: int = 0

    @property
    def unheld(self) -> int:
        """What is not reserved, pending or not: as far as a claw-back reaches."""
        return self.balance - self.held

    @property
    def free(self) -> int:
        return self.unheld - self.pending

    def short_of(self, points: int) -> Refused:
        """The refusal of somebody who wants more than they have."""
        apart = [f"已预留 {self.held} 分"] if self.held else []
        apart += [f"还没到兑换日 {self.pending} 分"] if self.pending else []
        apart += [f"待扣还 {self.owed} 分"] if self.owed else []
        others = f"（{'，'.join(apart)}）" if apart else ""
        hints = ["可以选分值低一些的"]
        hints += ["取消别的预留"] if self.held else []
        hints += ["等兑换日到了再来"] if self.pending else []
        return Refused(
            "not_enough_points",
            f"积分不够：要用 {points} 分，现在可用 {self.free} 分{others}。",
            hint=f"{'，或者'.join(hints)}。",
            status=409,
        )


def first_pending_month(on: date, place: str = "") -> Month:
    """The first month whose points cannot be redeemed yet on this day, by the calendar of the county of `place`."""
    last = previous_month(month_of(on))
    pending = (
        month
        for month in (previous_month(last), last)  # holidays may carry the day into the month after
        if on < calendar_of(month, place).redeem_from
    )
    return next(pending, month_of(on))


# Points of a pending month that were taken back or recovered meanwhile are pending no more, and none are of what is held.
PENDING = """
    greatest(0, least({of}.balance - {of}.held, coalesce((
        SELECT sum(p.amount) FROM scoring_pointentry p WHERE p.account_id = {of}.id AND p.month >= %(pending_from)s), 0)))
"""
_STATE = f"""
    SELECT a.balance, a.held, a.owed, {PENDING.format(of="a")}::bigint
    FROM scoring_account a WHERE a.owner_kind = %(kind)s AND a.owner = %(code)s
"""


def state_of(owner: Owner) -> PointBalance:
    """What the owner has now; nothing when they have no account yet. One query."""
    found = rows(_STATE, about(owner))
    return PointBalance(*found[0]) if found else PointBalance()


def about(owner: Owner) -> dict[str, Any]:
    """Parameters of statements about one owner, today."""
    place = "" if owner.kind == OwnerKind.DEPARTMENT else owner.code
    return {
        "kind": owner.kind,
        "code": owner.code,
        "chain": owner.chain,
        "pending_from": first_pending_month(timezone.localdate(), place),
    }
