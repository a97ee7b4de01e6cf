"""What becomes of a few households of the first shown village: a split, a merger, a closing, a proposal that waits, some away."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from households.changes.actions.away import mark_away
from households.changes.actions.carrying import carry_out
from households.changes.actions.proposals import propose
from households.changes.wishes import ChangeWish
from households.models import ChangeKind, ChangeReason, Household, User
from households.scope import lies_in
from scoring.demo.people import name_of

AWAY = 4


def live(*, village: str, cadre: User, leader: User, today: date, rng: Random) -> int:
    """Through the doors, dated this month; returns how many changes were carried out."""
    groups = sorted({code[:14] for code in _codes(village)})
    *_, eldest, kin, gone = _codes(groups[-1])
    day = today.replace(day=1)
    wishes = [
        ChangeWish(ChangeKind.SPLIT, day, ChangeReason.MARRIED, _codes(groups[-1])[0], head_name=name_of(rng)),
        ChangeWish(ChangeKind.MERGE, day, ChangeReason.CARED_FOR, eldest, kin),
        ChangeWish(ChangeKind.CLOSE, day, ChangeReason.MOVED_AWAY, gone),
    ]
    for wish in wishes:
        carry_out(op_id=_id(rng), wish=wish, by=cadre)
    own = _codes(groups[0])
    asked = ChangeWish(ChangeKind.CORRECT, day, ChangeReason.HEAD_CHANGED, own[-1], head_name=name_of(rng))
    propose(op_id=_id(rng), wish=asked, by=leader)
    for household in Household.objects.filter(code__in=rng.sample(own[:-1], AWAY)).order_by("code"):
        mark_away(household=household, since=today - timedelta(days=rng.randint(30, 300)), by=cadre)
    return len(wishes)


def _codes(place: str) -> list[str]:
    there = Household.objects.filter(lies_in(place), valid_to=None).order_by("code")
    return list(there.values_list("code", flat=True))


def _id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
