"""Whom to call: adding somebody, and correcting name, number or account."""

from uuid import UUID

from django.db import IntegrityError, transaction

from households import audit
from households.models import ContactPerson, Division, User
from households.models.contacts import MAX_PERSON
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.words import folding, telephones


def add_person(
    *, op_id: UUID, place: Division, name: str, phone: str, user: User | None = None, by: User | None
) -> ContactPerson:
    """Somebody on the list of a village, township or county. `by` None is the operator."""

    def act() -> Answer:
        check_manages(by, place.code)
        return {"person": new_person(place=place, name=name, phone=phone, user=user, by=by).pk}

    payload = [place.code, name, phone, user.pk if user else None]
    return ContactPerson.objects.get(
        pk=once(op_id=op_id, by=by, kind="contact.person", payload=payload, act=act)["person"]
    )


@transaction.atomic
def new_person(*, place: Division, name: str, phone: str, user: User | None, by: User | None) -> ContactPerson:
    """The row and its line, for acts that add somebody on their way."""
    person = ContactPerson(place=place, name=read_name(name), phone=read_phone(phone), user=_own_account(user, place))
    _store(person, None)
    audit.record(by, "contact.person", place=place.code, subject=person.pk, account=user.username if user else "")
    return person


def change_person(
    *, op_id: UUID, person: ContactPerson, name: str, phone: str, user: User | None, by: User | None
) -> ContactPerson:
    """Another name, number or account: whoever is called is the same person."""

    def act() -> Answer:
        check_manages(by, person.place_id)
        found = ContactPerson.objects.select_for_update(no_key=True).select_related("place").get(pk=person.pk)
        found.name, found.phone, found.user = read_name(name), read_phone(phone), _own_account(user, found.place)
        _store(found, ["name", "phone", "user"])
        audit.record(
            by, "contact.change_person", place=found.place_id, subject=found.pk, account=user.username if user else ""
        )
        return {"person": found.pk}

    payload = [person.pk, name, phone, user.pk if user else None]
    once(op_id=op_id, by=by, kind="contact.change_person", payload=payload, act=act)
    return ContactPerson.objects.get(pk=person.pk)


def _store(person: ContactPerson, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as fault:
        raise Refused("account_taken", "这个账号已经是另一位联系人的。", fields={"account": "已用过"}) from fault


def check_manages(by: User | None, code: str | None) -> None:
    """Refuse (403) whoever does not keep the contacts of this place, or, without one, of any."""
    if by is not None and not may(by, Permission.MANAGE_CONTACTS, at=code):
        raise Refused("not_yours", "您不能安排这里的联系人。", status=403)


def read_name(text: str) -> str:
    """A name as it is kept. Refused without one."""
    name = folding.name(text)
    if not name or len(name) > MAX_PERSON:
        raise Refused("name_missing", f"请写联系人的姓名，最多 {MAX_PERSON} 个字。", fields={"name": "必填"})
    return name


def read_phone(text: str) -> str:
    """A number in the one spelling that is kept; empty for none. Refused for what is none."""
    try:
        return telephones.read(text)
    except telephones.TelephoneFault as fault:
        raise Refused("phone_unclear", f"{fault}。", fields={"phone": str(fault)}) from fault


def _own_account(user: User | None, place: Division) -> User | None:
    """The account, which must see households of the place."""
    if user is None:
        return None
    if not may(user, Permission.SEE_HOUSEHOLDS) or not user.scope.meets(place.code):
        raise Refused("account_elsewhere", "这个账号看不到这里的户，不能作联系人的账号。", fields={"account": "不合适"})
    return user
