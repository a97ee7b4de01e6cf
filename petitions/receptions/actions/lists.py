"""Which petitions are on a reception's list, in which order; nothing is put before somebody whom it accuses."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from households import audit
from households.codes import Level, reaches
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from petitions.models import Accused, Petition, Reception, ReceptionItem, ReceptionRecord
from petitions.reception_states import ReceptionState
from petitions.states import PetitionState
from petitions.steps.needs import is_bound

MAX_ITEMS = 60  # a day has no more hours
_GONE = (PetitionState.MERGED, PetitionState.WITHDRAWN)


def put(*, op_id: UUID, reception: Reception, petitions: Sequence[Petition], by: User) -> list[ReceptionItem]:
    """Put petitions at the end of the list, in the order given; those on it stay where they are.

    Refused for what was merged or withdrawn, for whom must keep away, and when the case accuses who is there.
    """

    def act() -> Answer:
        found = _open_list(reception, by)
        fresh = _fresh(found, petitions, by)
        check_nobody_accused(found, fresh)
        if ReceptionItem.objects.filter(reception=found, removed_at=None).count() + len(fresh) > MAX_ITEMS:
            raise Refused("list_full", f"一次接访最多排 {MAX_ITEMS} 件。", hint="请另排一次接访。")
        for petition in fresh:
            append(found, petition, by)
        return {"reception": found.pk}

    payload = [reception.pk, [petition.pk for petition in petitions]]
    once(op_id=op_id, by=by, kind="reception.put", payload=payload, act=act)
    return list(reception.items.filter(removed_at=None).order_by("position", "id"))


def drop(*, op_id: UUID, reception: Reception, petition: Petition, by: User) -> None:
    """Take a petition off the list again; not once something was recorded about it there."""

    def act() -> Answer:
        found = _open_list(reception, by)
        if ReceptionRecord.objects.filter(reception=found, petition=petition, item__removed_at=None).exists():
            raise Refused("recorded", "这件已经有接访记录，不能移出。", status=409)
        now, standing = timezone.now(), ReceptionItem.objects.filter(reception=found, removed_at=None)
        if standing.filter(petition=petition).update(removed_at=now):
            _record("reception.drop", found, petition, by)
        return {"reception": found.pk}

    once(op_id=op_id, by=by, kind="reception.drop", payload=[reception.pk, petition.pk], act=act)


def reorder(*, op_id: UUID, reception: Reception, petitions: Sequence[Petition], by: User) -> None:
    """Put the list into this order; what is on it and not named follows as it stood."""
    order = {petition.pk: place for place, petition in enumerate(petitions)}

    def act() -> Answer:
        found = _open_list(reception, by)
        standing = list(ReceptionItem.objects.filter(reception=found, removed_at=None).order_by("position", "id"))
        standing.sort(key=lambda item: order.get(item.petition_id, len(order)))
        for place, item in enumerate(standing, start=1):
            item.position = place
        ReceptionItem.objects.bulk_update(standing, ["position"])
        audit.record(by, "reception.reorder", place=found.place_id, subject=found.pk)
        return {"reception": found.pk}

    once(op_id=op_id, by=by, kind="reception.reorder", payload=[reception.pk, list(order)], act=act)


def move_up(*, op_id: UUID, reception: Reception, number: str, by: User) -> None:
    """Put one petition one place up; the first stays where it is."""
    listed = listed_petitions(reception)
    place = next((at for at, one in enumerate(listed) if one.number == number), 0)
    if place:
        listed[place - 1], listed[place] = listed[place], listed[place - 1]
    reorder(op_id=op_id, reception=reception, petitions=listed, by=by)


def append(reception: Reception, petition: Petition, by: User) -> ReceptionItem:
    """One more row at the end, with its audit line; in the caller's transaction, the reception locked."""
    standing = ReceptionItem.objects.filter(reception=reception, removed_at=None)
    last = standing.aggregate(last=Max("position"))["last"] or 0
    item = ReceptionItem(reception=reception, petition=petition, position=last + 1, at=timezone.now(), by=by)
    item.save(force_insert=True)
    _record("reception.put", reception, petition, by)
    return item


def listed_petitions(reception: Reception) -> list[Petition]:
    """What is on the list, in its order."""
    standing = Petition.objects.filter(listed__reception=reception, listed__removed_at=None)
    return list(standing.order_by("listed__position", "listed__id"))


def check_nobody_accused(reception: Reception, petitions: Sequence[Petition]) -> None:
    """Refuse the first petition whose case accuses somebody who is at the reception."""
    found = accusing(reception, petitions)
    if found:
        number = next(petition.number for petition in petitions if petition.pk in found)
        raise Refused(
            "accused_present",
            f"{number} 检举控告的就是这次接访到场的人或单位，不能排在这里。",
            hint="请排到另一次接访，或请该单位回避。",
            fields={"petitions": "应当回避"},
        )


def accusing(reception: Reception, petitions: Iterable[Petition]) -> set[int]:
    """Which of the petitions belong to a case that accuses the leader, a unit that is present, or who is at home there."""
    given = list(petitions)
    rows = Accused.objects.filter(petition__case__in={one.case_id for one in given})
    here = _Present(reception)
    said = rows.select_related("petition", "user").only("department", "division", "user", "petition__case")
    cases = {row.petition.case_id for row in said if here.is_accused(row)}
    return {one.pk for one in given if one.case_id in cases} | here.named_in(one for one in given if one.is_accusation)


class _Present:
    """Who is at a reception: the leader, the units that attend, and the people of the place itself."""

    def __init__(self, reception: Reception) -> None:
        self.leader = reception.leader
        attending = list(reception.attending.all())
        self.departments = {one.department_id for one in attending if one.department_id}
        places = [one.division_id for one in attending if one.division_id]
        self.places = [*places, reception.place_id]

    def is_accused(self, row: Accused) -> bool:
        """Whether the row accuses one of them: themselves, their department, or the division in which they work or one above."""
        if row.department_id:
            return row.department_id in self.departments
        if row.division_id:
            return any(place.startswith(row.division_id) for place in self.places)
        user = row.user
        if user is None:
            return False
        home = user.division_id or ""
        return (
            user.display_name == self.leader
            or user.department_id in self.departments
            or (len(home) >= 9 and any(home.startswith(place) or place.startswith(home) for place in self._near()))
        )

    def named_in(self, accusations: Iterable[Petition]) -> set[int]:
        """Those whose own words name the leader."""
        keys = [one.pk for one in accusations] if len(self.leader) > 1 else []
        if not keys:
            return set()
        words = Petition.objects.filter(pk__in=keys).values_list("pk", "title", "text")
        return {pk for pk, title, text in words if self.leader in title or self.leader in text}

    def _near(self) -> list[str]:
        """Places small enough that whoever works there is likely to be present; the county's hall is not."""
        return [place for place in self.places if reaches(place, Level.TOWNSHIP)]


def _open_list(reception: Reception, by: User) -> Reception:
    """The reception, locked, whose list may still be changed by this person."""
    if not may(by, Permission.RUN_RECEPTIONS, at=reception.place_id):
        raise Refused("not_yours", "只有信访局能安排接访。", hint="请与信访局联系。", status=403)
    found = Reception.objects.select_for_update(of=("self",), no_key=True).get(pk=reception.pk)
    if found.status not in (ReceptionState.PLANNED, ReceptionState.HELD):
        raise Refused("wrong_state", f"这次接访{found.status.label}，不能再排。", hint="请看最新情况。", status=409)
    return found


def _fresh(reception: Reception, petitions: Sequence[Petition], by: User) -> list[Petition]:
    """Those not yet on the list; refused for the first that cannot be put on it."""
    wanted = list(dict.fromkeys(petition.pk for petition in petitions))
    seen = {one.pk: one for one in Petition.objects.visible_to(by).filter(pk__in=wanted)}
    if len(seen) < len(wanted):
        raise Refused("not_found", "没有找到这件信访。", hint="请核对编号。", status=404)
    standing = ReceptionItem.objects.filter(reception=reception, removed_at=None, petition__in=wanted)
    there = set(standing.values_list("petition", flat=True))
    fresh = [seen[pk] for pk in wanted if pk not in there]
    for petition in fresh:
        if petition.status in _GONE:
            raise Refused("wrong_state", f"{petition.number} {petition.status.label}，不用再排。", status=409)
        if is_bound(petition, by):
            raise Refused("conflict_of_interest", f"您与 {petition.number} 有关联，应当回避。", status=403)
    return fresh


def _record(action: str, reception: Reception, petition: Petition, by: User) -> None:
    """The audit line. Neither village nor reception stand in it: of an accusation they would tell whom it is near, and
    lines that lack them would tell which are accusations.
    """
    audit.record(by, action, place=petition.county, subject=petition.number)
