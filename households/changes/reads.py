"""Reading the register's changes: one household's history, a month's list, what waits, who lives away."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from households.changes.effects import FIELDS
from households.changes.plans import last_ending
from households.changes.wishes import ChangeWish
from households.codes import Level, township_of, village_of
from households.masks import mask_name, mask_phone
from households.models import (
    ChangeKind,
    ChangeObjection,
    ChangeReason,
    Division,
    Household,
    HouseholdChange,
    HouseholdErasure,
    HouseholdProposal,
    ProposalState,
    User,
)
from households.months import Month, first_day, next_month
from households.permissions import Permission, may
from households.register import looking
from households.register.phones import read_kept
from households.register.reads import knows_names_of, name_for
from households.roles import Role
from households.scope import lies_in

_RELATED = ("household__group__parent", "other__group__parent", "by", "objection", "objection__by")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as its reader sees it: the names as they may, the note for those who know the names."""

    change: HouseholdChange
    name: str
    other_name: str
    note: str
    objection: ChangeObjection | None
    corrected: list["CorrectedField"]


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """What a correction wrote over and what came in its place, masked as the reader sees it elsewhere."""

    label: str
    old: str
    new: str

    @property
    def is_hidden(self) -> bool:
        """Whether what differs lies behind the mask."""
        return self.old == self.new


def changes_in(user: User) -> "QuerySet[HouseholdChange]":
    """The changes of the person's part of the county, the newest first; those that came with a change of places stand there."""
    own = HouseholdChange.objects.within(user.scope).filter(order=None)
    found: QuerySet[HouseholdChange] = own.select_related(*_RELATED)
    return found


def changes_of(household: Household) -> "QuerySet[HouseholdChange]":
    """Everything that the household had a part in, the newest first."""
    mine = HouseholdChange.objects.filter(Q(household=household) | Q(other=household))
    return mine.select_related(*_RELATED)


def of_month(changes: "QuerySet[HouseholdChange]", month: Month) -> "QuerySet[HouseholdChange]":
    """Those that were carried out in the month."""
    return changes.filter(at__date__gte=first_day(month), at__date__lt=first_day(next_month(month)))


def lines_of(changes: Iterable[HouseholdChange], user: User) -> list[ChangeLine]:
    """One query more where there are corrections: for what came after them."""
    shown = list(changes)
    later = _corrections_of({one.household_id for one in shown if one.before})
    return [
        ChangeLine(
            change=one,
            name=name_for(one.household, user),
            other_name=name_for(one.other, user) if one.other else "",
            note=_note(one, user),
            objection=getattr(one, "objection", None),
            corrected=_corrected(one, user, later),
        )
        for one in shown
    ]


def _note(change: HouseholdChange, user: User) -> str:
    reads = knows_names_of(user, change.household_id) or user.role == Role.TOWNSHIP
    if not change.note or not reads:
        return ""
    looking.shown(user, [change.household_id])
    return bytes(change.note).decode()


def objections_to(user: User) -> "QuerySet[HouseholdChange]":
    """Changes of the person's part that the township objects to and nobody has answered."""
    return changes_in(user).filter(objection__isnull=False, objection__answer="")


def waiting_proposals(user: User) -> "QuerySet[HouseholdProposal]":
    """What a cadre of the place has to decide."""
    found = HouseholdProposal.objects.within(user.scope).filter(state=ProposalState.WAITING)
    related: QuerySet[HouseholdProposal] = found.select_related("household__group__parent", "asked_by").order_by("id")
    return related


def own_proposals(user: User) -> "QuerySet[HouseholdProposal]":
    return HouseholdProposal.objects.filter(asked_by=user).select_related("household__group__parent", "decided_by")


def proposal_for(user: User, number: int) -> HouseholdProposal | None:
    """One that the person may read: who asked, and who decides."""
    related = ("household__group__parent", "asked_by", "decided_by", "change")
    found = HouseholdProposal.objects.select_related(*related).filter(pk=number).first()
    if found is None:
        return None
    decides = may(user, Permission.CHANGE_HOUSEHOLDS, at=found.place)
    return found if found.asked_by_id == user.pk or decides else None


def may_decide(user: User, proposal: HouseholdProposal) -> bool:
    return may(user, Permission.CHANGE_HOUSEHOLDS, at=proposal.place) and proposal.asked_by_id != user.pk


def proposed(wish: ChangeWish) -> list[tuple[str, str]]:
    """All that was proposed besides the day, by its label: telephones masked, the reason in words."""
    told = [
        ("原因", ChangeReason(wish.reason).label),
        ("户编号", wish.household),
        ("另一户", wish.other),
        ("到哪个组", wish.group),
        ("户号", f"{wish.serial:04d}" if wish.serial else ""),
        ("户主", wish.head_name),
        ("电话", mask_phone(wish.phone or "") or (None if wish.phone is None else "没有电话")),
        ("地址", "没有地址" if wish.address == "" else wish.address),
        ("说明", wish.note),
        ("户牌", "门换了，户牌要换" if wish.new_door else ""),
        ("预订", "超市里没领的一并取消" if wish.release else ""),
    ]
    return [(label, value) for label, value in told if value]


def sees_away(user: User, code: str) -> bool:
    """Whether who lives away is told to the person: to those who go from door to door, and to nobody else."""
    return knows_names_of(user, code)


def kinds_for(household: Household, user: User) -> list[ChangeKind]:
    """What can be done with the household, or proposed, by the person."""
    if not may(user, Permission.PROPOSE_CHANGES, at=household.code):
        return []
    if household.valid_to is None:
        return [ChangeKind.CORRECT, ChangeKind.SPLIT, ChangeKind.MERGE, ChangeKind.MOVE, ChangeKind.CLOSE]
    last = last_ending(household)
    if last and last.kind != ChangeKind.CLOSE:
        return []
    if household.group.valid_to or HouseholdErasure.objects.filter(pk=household.pk).exists():
        return []
    return [ChangeKind.REOPEN, *([ChangeKind.HEIR] if last and not last.other_id else [])]


def _corrections_of(households: Iterable[str]) -> list[HouseholdChange]:
    """All corrections of these households, the oldest first."""
    codes = list(households)
    found = HouseholdChange.objects.filter(household__in=codes, kind=ChangeKind.CORRECT).order_by("id") if codes else ()
    return list(found)


def _corrected(change: HouseholdChange, user: User, later: Iterable[HouseholdChange]) -> list[CorrectedField]:
    """Field by field, for those who make changes or may object to them. What came in its place is what the next correction
    wrote over, or else what stands there now.
    """
    told = _written_over(change)
    judges = any(
        may(user, right, at=change.household_id) for right in (Permission.PROPOSE_CHANGES, Permission.WATCH_CHANGES)
    )
    if not told or not judges:
        return []
    looking.shown(user, [change.household_id])
    home = change.household
    comes = {"head_name": home.head_name, "address": home.address, "phone": read_kept(home.phone)}
    after = [one for one in later if one.household_id == change.household_id and one.pk > change.pk]
    for one in reversed(after):
        comes |= _written_over(one)
    masked = {"phone": mask_phone, "head_name": str if knows_names_of(user, change.household_id) else mask_name}
    return [
        CorrectedField(FIELDS[name], *(masked.get(name, str)(value) or "没有登记" for value in (old, comes[name])))
        for name, old in told.items()
    ]


def _written_over(change: HouseholdChange) -> dict[str, str]:
    told: dict[str, str] = json.loads(change.before) if change.before else {}
    return told


def groups_for(user: User, on: date, code: str = "") -> list[tuple[str, str]]:
    """Groups to choose from, with their villages: a leader sees those of the village, others those
    of the township, so that a household can move next door.
    """
    own_place = user.division_id or ""
    place = village_of(own_place) if user.role == Role.GROUP_LEADER else township_of(code or own_place)
    inside = Division.objects.active(on).of_level(Level.GROUP).filter(lies_in(place)).select_related("parent")
    own = [one for one in inside.order_by("code") if user.scope.covers(one.code)]
    others = [one for one in inside.order_by("code") if not user.scope.covers(one.code)]
    return [(one.code, f"{one.parent.name if one.parent else ''} {one.name}") for one in [*own, *others]]
