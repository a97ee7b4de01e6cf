"""One household to one person as another system asks for it: by number or name, with a micro-grid where there is none yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from households.contacts.actions.contacts import add, beside_imports
from households.contacts.actions.grids import new_grid
from households.contacts.actions.people import check_manages, new_person, read_name, read_phone
from households.models import Contact, ContactKind, ContactPerson, Household, MicroGrid, User
from households.operations import Answer, once
from households.refusals import Refused


def ask_contact(
    *, op_id: UUID, household: Household, kind: str, person: Mapping[str, Any], since: date, grid: str = "", by: User
) -> Contact:
    """The contact that is made of it. `person` holds `id`, or `name` with `phone` and `account`."""

    def act() -> Answer:
        check_manages(by, household.code)
        beside_imports()
        locked = list(Household.objects.select_for_update(no_key=True).filter(code=household.code))
        found = _known(household, person, by) or _new(household, person, by)
        micro_grid = _grid(household, grid, found, since, by) if kind == ContactKind.MICRO and grid else None
        return {"contact": add(locked, found, kind, since, micro_grid, by=by)[0].pk}

    payload = [household.code, kind, dict(person), since.isoformat(), grid]
    answer = once(op_id=op_id, by=by, kind="contact.ask", payload=payload, act=act)
    return Contact.objects.select_related("person", "micro_grid").get(pk=answer["contact"])


def _known(household: Household, person: Mapping[str, Any], by: User) -> ContactPerson | None:
    people = ContactPerson.objects.filter(place__in=[household.code[:digits] for digits in (6, 9, 12)]).order_by("pk")
    if "id" in person:
        found = people.filter(pk=person["id"]).first()
        if found is None or not by.scope.meets(found.place_id):
            raise Refused("person_unknown", "这个村的名单上没有这位联系人。", fields={"person": "不认识"})
        return found
    name, phone = read_name(person["name"]), read_phone(person.get("phone", ""))
    same = [each for each in people if each.name == name and phone in ("", each.phone)]
    if len(same) > 1:
        raise Refused("person_unclear", f"同名的有 {len(same)} 位，请写电话或编号。", fields={"person": "请写电话"})
    return same[0] if same else None


def _new(household: Household, person: Mapping[str, Any], by: User) -> ContactPerson:
    village = household.group.parent
    account = person.get("account", "")
    user = User.objects.filter(username=account).first() if account else None
    if village is None or (account and user is None):
        raise Refused("account_elsewhere", "没有这个账号，或它看不到这里的户。", fields={"person": "账号不合适"})
    return new_person(place=village, name=person["name"], phone=person.get("phone", ""), user=user, by=by)


def _grid(household: Household, name: str, head: ContactPerson, since: date, by: User) -> MicroGrid:
    known = MicroGrid.objects.filter(group=household.group_id, name=name, valid_to=None).first()
    return known or new_grid(group=household.group, name=name, head=head, since=since, by=by)
