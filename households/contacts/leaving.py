"""What a change of the register does to contacts: they end with the household's time on it, by the database's own trigger.

A household that moves within its village keeps its party members: they look after these people, not after the door.
"""

from collections.abc import Iterator

from households.changes.rooms import ChangeEffect, ChangeStep
from households.codes import village_of
from households.models import ChangeKind, Contact, ContactKind, User

AT = 5


def foresee(step: ChangeStep, _by: User | None) -> Iterator[ChangeEffect]:
    """Who looks after the household no longer does, or goes on under its new code."""
    if not step.ends:
        return
    standing = list(Contact.objects.filter(household=step.household, valid_to=None).values_list("kind", flat=True))
    going = standing.count(ContactKind.PARTY) if step.kind == ChangeKind.MOVE else 0
    if going:
        yield ChangeEffect(f"在本村内搬的，{going} 位党员联系人跟着到新户；搬到外村的，到这天为止。")
    if left := len(standing) - going:
        yield ChangeEffect(f"{left} 位联系人到这天为止；以后由谁联系，请在“联系户”里指定。")


def follow(step: ChangeStep, _by: User | None) -> None:
    """What ends, the trigger has ended."""
    if step.kind == ChangeKind.MOVE and village_of(step.household) == village_of(step.other):
        ended = Contact.objects.filter(
            household=step.household, kind=ContactKind.PARTY, valid_to=step.counts_from, valid_from__lt=step.counts_from
        )
        since = step.counts_from
        Contact.objects.bulk_create(
            Contact(household_id=step.other, person_id=one.person_id, kind=one.kind, valid_from=since) for one in ended
        )
