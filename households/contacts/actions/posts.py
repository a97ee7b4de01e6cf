"""A post changes hands: who leads a grid or a micro-grid does so by post, so the successor does; party members look after their
households as persons, and keep them until somebody hands them over.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from households import audit
from households.accounts.followers import Follower, LeftWork
from households.codes import narrowest, village_of
from households.contacts.actions.contacts import HandOverPlan, beside_imports, move
from households.contacts.actions.people import new_person
from households.models import Contact, ContactHandOver, ContactKind, ContactPerson, MicroGrid, User
from households.register.phones import read_kept

OF_A_POST = (ContactKind.GRID, ContactKind.MICRO)


def follow(giver: User, taker: User, by: User | None) -> None:
    """Households and micro-grids of the post go to the successor today; both read of it. Whose account has none is left alone."""
    person = ContactPerson.objects.select_related("place").filter(user=giver).first()
    if person is None:
        return
    beside_imports()
    today = timezone.localdate()
    grids = list(MicroGrid.objects.filter(head=person, valid_to=None))
    rows = Contact.objects.filter(person=person, valid_to=None, kind__in=OF_A_POST)
    if not grids and not rows.exists():
        return
    heir = _person_of(taker, person, by)
    rows.filter(valid_from__gt=today).update(valid_from=today)  # it would have begun under somebody who is gone
    standing = list(rows.select_related("household", "micro_grid").order_by("household", "kind"))
    has = set(Contact.objects.filter(person=heir, valid_to=None).values_list("household_id", "kind"))
    found = HandOverPlan(
        given=[one for one in standing if (one.household_id, one.kind) not in has],
        already=[one for one in standing if (one.household_id, one.kind) in has],
        grids=grids,
    )
    move(found, heir, today)
    ContactHandOver.objects.create(giver=person, taker=heir, day=today, households=found.households, by=by)
    place = narrowest({village_of(one.household_id) for one in standing} or {person.place_id})
    detail = {"taker": heir.pk, "households": found.households, "since": today.isoformat()}
    audit.record(by, "contact.hand_over", place=place, subject=person.pk, **detail)


def _person_of(taker: User, before: ContactPerson, by: User | None) -> ContactPerson:
    """The successor among those to call, on a list that reaches over what they take on."""
    taker = User.objects.get(pk=taker.pk)  # as the post has it, and not as it was read before
    person = ContactPerson.objects.filter(user=taker).first()
    if person is None:
        return new_person(place=before.place, name=taker.display_name, phone=read_kept(taker.phone), user=taker, by=by)
    if not before.place_id.startswith(person.place_id):
        person.place_id = narrowest([before.place_id, person.place_id])
        person.save(update_fields=["place"])
    return person


def left(user: User) -> Iterator[LeftWork]:
    """What a party member keeps, whoever has the post."""
    rows = Contact.objects.filter(person__user=user, kind=ContactKind.PARTY, valid_to=None)
    if number := rows.count():
        what = "户由本人作党员联系（随人不随岗），要换人请在“联系户”里交接"
        yield {"what": what, "number": str(number), "url": reverse("contacts")}


def correct(user: User, before: dict[str, str], by: User | None) -> None:
    """The list of those to call says what the account says, where it said the same before."""
    person = ContactPerson.objects.filter(user=user).first()
    if person is None:
        return
    now = {"name": user.display_name, "phone": read_kept(user.phone)}
    old = {"name": before["display_name"], "phone": before["phone"]}
    changed = [name for name in now if str(getattr(person, name)) == old[name] != now[name]]
    for name in changed:
        setattr(person, name, now[name])
    if changed:
        person.save(update_fields=changed)
        audit.record(by, "contact.change_person", place=person.place_id, subject=person.pk, account=user.username)


FOLLOWER = Follower(left, follow, correct)
