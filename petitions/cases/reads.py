"""Old cases and who answers for them (包案): the last step, how long ago, the next promise."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, OuterRef, Q, Subquery

from households.codes import Level, is_code
from households.fields import row_id
from households.models import User
from households.register.phones import read_kept
from households.roles import Role
from households.scope import lies_in
from households.workdays import workdays
from petitions import lamps
from petitions.lamps import Lamp
from petitions.models import Petition, PetitionEvent, PetitionKind, Promise
from petitions.models.petitions import PetitionQuerySet
from petitions.promise_states import OPEN_PROMISES
from petitions.states import PetitionAction

OLD = (PetitionKind.REPEAT, PetitionKind.BACKLOG)
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class OwnedCase:
    """One open petition for its whole case: how many petitions the case has, the last step and days since, what is owed."""

    petition: Petition
    owner: User | None
    lamp: Lamp
    petitions: int
    step: str
    since: int
    promise: Promise | None

    @property
    def owner_phone(self) -> str:
        """The number to call who answers for it; empty when none is known."""
        return read_kept(self.owner.phone) if self.owner else ""

    @property
    def gone(self) -> bool:
        """Whether who answers for it has left the post."""
        return self.owner is not None and not self.owner.is_active

    @property
    def stray(self) -> bool:
        """Whether somebody owns it who is not at work on it any more."""
        if self.owner is None or self.owner.role == Role.PETITION_OFFICE:
            return False
        units = {one.department_id or one.division_id for one in self.petition.at_work}  # type: ignore[attr-defined]
        return (self.owner.department_id or self.owner.division_id) not in units


def old_cases(user: User) -> PetitionQuerySet:
    """The newest open petition of every case that is old or owned, of those that this person may read."""
    old = Petition.objects.visible_to(user).open().filter(Q(kind__in=OLD) | Q(case__owner__isnull=False))
    newest = old.order_by().values("case").annotate(newest=Max("pk")).values("newest")
    found: PetitionQuerySet = Petition.objects.filter(pk__in=newest)
    return found


def chosen(cases: PetitionQuerySet, owner: str, within: str) -> PetitionQuerySet:
    """Of one owner (their id, or NOBODY's), within a township."""
    if owner == NOBODY:
        cases = cases.filter(case__owner=None)
    elif (known := row_id(owner)) is not None:
        cases = cases.filter(case__owner=known)
    if is_code(within, Level.TOWNSHIP):
        cases = cases.filter(lies_in(within, "place"))
    return cases


def owners_of(cases: PetitionQuerySet) -> list[tuple[str, str, int]]:
    """Id, name and number of cases of every owner; those of nobody first."""
    rows = cases.order_by().values("case__owner").annotate(number=Count("pk"))
    numbers = {row["case__owner"]: row["number"] for row in rows}
    people = User.objects.filter(pk__in=[pk for pk in numbers if pk]).select_related("division", "department")
    named = [(str(one.pk), f"{one.place_name} {one.display_name}", numbers[one.pk]) for one in people]
    alone = [(NOBODY, "还没有人包案", numbers[None])] if None in numbers else []
    return alone + sorted(named, key=lambda each: each[1])


def listed(cases: PetitionQuerySet) -> PetitionQuerySet:
    """By owner, the longest untouched first, with what a row shows."""
    steps = PetitionEvent.objects.filter(petition=OuterRef("pk")).exclude(kind__in=(PetitionAction.REMIND,))
    last = steps.order_by("-seq")
    return (
        cases.without_content()
        .select_related("place__parent", "case__owner__department", "case__owner__division")
        .with_units_at_work()
        .annotate(last_kind=Subquery(last.values("kind")[:1]), last_at=Subquery(last.values("at")[:1]))
        .order_by("case__owner", "last_at", "id")
    )


def rows_of(petitions: list[Petition], user: User, today: date) -> list[OwnedCase]:
    """The rows of one page: two more queries."""
    sizes = _sizes(petitions, user)
    owed = Promise.objects.filter(petition__case__in=[one.case_id for one in petitions], state__in=OPEN_PROMISES)
    readable = owed.filter(petition__in=Petition.objects.visible_to(user))
    nearest: dict[int, Promise] = {}
    for promise in readable.told().order_by("due_on", "id"):
        nearest.setdefault(promise.petition.case_id, promise)
    return [_row(one, sizes.get(one.case_id, 1), nearest.get(one.case_id), today) for one in petitions]


def _sizes(petitions: list[Petition], user: User) -> dict[int, int]:
    same = Petition.objects.visible_to(user).filter(case__in=[one.case_id for one in petitions])
    return dict(same.order_by().values_list("case").annotate(Count("pk")))


def _row(petition: Petition, petitions: int, promise: Promise | None, today: date) -> OwnedCase:
    kind, at = petition.last_kind, petition.last_at  # type: ignore[attr-defined]  # annotated by `listed`
    return OwnedCase(
        petition,
        petition.case.owner,
        lamps.lamp_of(petition, today),
        petitions,
        PetitionAction(kind).label,
        (today - workdays.local_day(at)).days,
        promise,
    )
