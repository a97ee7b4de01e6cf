"""The register's own rows of a change: closed, opened, corrected. In the caller's transaction, which holds them."""

import json

from django.db.backends.postgresql.psycopg_any import DateRange

from households.changes.plans import Plan, fresh_code, overwritten
from households.models import ChangeKind, Division, Household
from households.refusals import Refused
from households.register import phones
from households.register.initials import initials_of_all

Written = tuple[Household, Household | None, bytes | None]


def write(plan: Plan) -> Written:
    """Write it: the household of the record, the other one, and what a correction wrote over."""
    if plan.household is None:
        return _new(plan, None), None, None
    return _WRITERS[plan.wish.kind](plan, plan.household)


def _new(plan: Plan, like: Household | None) -> Household:
    """A new row from the day it counts, with what was given, or what is known of the one it is `like`."""
    wish, group = plan.wish, plan.group
    assert isinstance(group, Division)
    head = wish.head_name or (like.head_name if like else "")
    known_phone = bytes(like.phone) if like and like.phone is not None else None
    return Household.objects.create(
        code=fresh_code(group.code, wish.serial),
        group=group,
        head_name=head,
        initials=initials_of_all([head])[0],
        phone=known_phone if wish.phone is None else phones.encrypt(wish.phone),
        address=(like.address if like else "") if wish.address is None else wish.address,
        valid_from=plan.counts_from,
    )


def _split(plan: Plan, household: Household) -> Written:
    return household, _new(plan, None), None


def _move(plan: Plan, household: Household) -> Written:
    there = _new(plan, household)
    _end(plan, household)
    return household, there, None


def _end(plan: Plan, household: Household) -> Written:
    household.valid_to = plan.counts_from
    household.save(update_fields=["valid_to"])
    return household, plan.other, None


def _reopen(plan: Plan, household: Household) -> Written:
    """Back on the register; the time between stays a gap."""
    if household.valid_to and household.valid_to < plan.counts_from:
        household.gaps = [*household.gaps, DateRange(household.valid_to, plan.counts_from)]
    household.valid_to = None
    household.save(update_fields=["valid_to", "gaps"])
    return household, None, None


def _correct(plan: Plan, household: Household) -> Written:
    over = overwritten(plan)
    if not over and not plan.wish.new_door:
        raise Refused("nothing_changed", "和登记的一样，没有要改的。", hint="门牌换了的，请勾选“换门”。")
    for name, (_old, new) in over.items():
        setattr(household, name, phones.encrypt(new) if name == "phone" else new)
    if "head_name" in over:
        household.initials = initials_of_all([household.head_name])[0]
    household.save(update_fields=[*over, *(["initials"] if "head_name" in over else [])])
    return household, None, json.dumps({name: old for name, (old, _new) in over.items()}, ensure_ascii=False).encode()


def _keep(plan: Plan, household: Household) -> Written:
    return household, plan.other, None


_WRITERS = {
    ChangeKind.CORRECT: _correct,
    ChangeKind.SPLIT: _split,
    ChangeKind.MERGE: _end,
    ChangeKind.MOVE: _move,
    ChangeKind.CLOSE: _end,
    ChangeKind.REOPEN: _reopen,
    ChangeKind.HEIR: _keep,
}
