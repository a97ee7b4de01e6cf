"""Cases near each other for a leader's day: open ones by place, by department or by owner, the late and the old first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Prefetch

from households.codes import Level, is_level, reaches, township_of
from households.fields import row_id
from households.models import User
from households.refusals import Refused
from households.scope import lies_in
from petitions.models import Assignment, Channel, Petition, Reception, ReceptionKind
from petitions.models.petitions import PetitionQuerySet
from petitions.receptions.actions.lists import MAX_ITEMS, accusing

PLACE, OWNER = "place", "owner"
WAYS = {PLACE: "按地方", "department": "按承办单位", OWNER: "按包案负责人"}
MAX_OPEN, MAX_IN_GROUP = 300, 12


@dataclass(slots=True)
class Group:
    """Cases that could be seen to in one go. `late` of them are overdue; the shown ones come first by that and by age."""

    key: str
    name: str
    petitions: list[Petition] = field(default_factory=list)
    late: int = 0

    @property
    def shown(self) -> list[Petition]:
        return self.petitions[:MAX_IN_GROUP]

    @property
    def more(self) -> int:
        return max(len(self.petitions) - MAX_IN_GROUP, 0)


def suggestions(reception: Reception, user: User, by: str, today: date) -> list[Group]:
    """Groups of open cases for this reception, those with the most overdue ones first; at most MAX_OPEN cases.

    On Enterprise Day those of enterprises; in a township or village those about it; nothing that is on the list, and
    nothing that accuses who is there.
    """
    rows = list(_candidates(reception, user)[:MAX_OPEN])
    wrong = accusing(reception, rows)
    groups: dict[str, Group] = {}
    for petition in rows:
        key, name = _key(petition, reception, by)
        if key and petition.pk not in wrong:
            group = groups.setdefault(key, Group(key, name))
            group.petitions.append(petition)
            group.late += is_late(petition, today)
    for group in groups.values():
        group.petitions.sort(key=lambda one: (not is_late(one, today), one.filed_at))
    return sorted(groups.values(), key=lambda each: (-each.late, each.petitions[0].filed_at))


def is_late(petition: Petition, today: date) -> bool:
    """Whether the step that is owed is overdue."""
    return petition.due_on is not None and petition.due_on < today


def on_the_way(reception: Reception, user: User) -> PetitionQuerySet:
    """Open petitions about the place of the reception (带案下访), or of enterprises on their day, not yet on its list."""
    listed = reception.items.filter(removed_at=None).values("petition")
    found = Petition.objects.visible_to(user).open().exclude(pk__in=listed)
    if reception.kind == ReceptionKind.ENTERPRISE_DAY:
        found = found.filter(channel=Channel.ENTERPRISE)
    return found.filter(lies_in(reception.place_id, "place"))


def _candidates(reception: Reception, user: User) -> PetitionQuerySet:
    leads = Assignment.objects.filter(ended_at=None, lead=True).select_related("department", "division")
    found = on_the_way(reception, user).without_content()
    return (
        found.select_related("place__parent", "case__owner")
        .prefetch_related(Prefetch("assignments", leads, to_attr="leads"))
        .order_by(F("due_on").asc(nulls_last=True), "filed_at")
    )


def _key(petition: Petition, reception: Reception, by: str) -> tuple[str, str]:
    """The group of one petition: its code and what it is called; empty when it has none of this kind."""
    if by == "department":
        leads = petition.leads  # type: ignore[attr-defined]  # read along by _candidates
        return (leads[0].unit, leads[0].unit_name) if leads else ("none", "还没有交办")
    if by == "owner":
        owner = petition.case.owner
        return (str(owner.pk), f"{owner.place_name} {owner.display_name}") if owner else ("", "")
    return _place(petition, wide=is_level(reception.place_id, Level.COUNTY))


def _place(petition: Petition, *, wide: bool) -> tuple[str, str]:
    """By township in a county-wide reception, else by village."""
    place = petition.place
    parent = place.parent
    if wide and parent is not None and reaches(place.code, Level.VILLAGE):
        return township_of(parent.code), parent.name
    return place.code, place.name


def route(reception: Reception, user: User, owner: str) -> list[Petition]:
    """What goes along to the place: the open petitions about it, or of one `owner` (an id), as far as the list has room.

    Nothing that accuses who is there. Refused when nothing is left.
    """
    open_ones = _owned(owner, user) if owner else on_the_way(reception, user)
    rows = list(open_ones.order_by("due_on", "filed_at")[: MAX_ITEMS + 1])
    wrong = accusing(reception, rows)
    petitions = [one for one in rows if one.pk not in wrong]
    if not petitions:
        raise Refused("nothing_open", "没有可以带上的在办信访件。")
    return petitions


def _owned(owner: str, user: User) -> PetitionQuerySet:
    """Open petitions of the cases that somebody owns, as far as the reader may read them."""
    return Petition.objects.visible_to(user).open().filter(case__owner=row_id(owner) or 0)


def petitions_of(numbers: Sequence[str], user: User) -> list[Petition]:
    """The petitions with these numbers in their order. Refused when there is none, or one the reader may not read."""
    wanted = list(dict.fromkeys(number for number in numbers if "\0" not in number))
    found = {one.number: one for one in Petition.objects.visible_to(user).filter(number__in=wanted)}
    if not found or len(found) < len(set(numbers)):
        raise Refused("not_found", "没有找到要排的信访件。", hint="请勾选，或核对编号。")
    return [found[number] for number in wanted]
