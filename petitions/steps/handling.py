"""The unit's part: contest, report, answer, ask for more time; and notes inside, words outside.

Every action takes `op_id`, `petition`, `by`, `seen` and `at` as `petitions.steps.history.take` explains them.
"""

from datetime import datetime
from uuid import UUID

from households.models import User
from households.refusals import Refused
from households.register import allowance
from households.roles import Role
from petitions import units
from petitions.models import Assignment, Petition, PetitionEvent, Tie
from petitions.states import PetitionAction
from petitions.steps.history import take
from petitions.steps.needs import is_bound
from petitions.steps.step import Step, Words


def contest(
    *, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """assigned -> contested: the lead unit is not competent, `note` says why; within 5 working days."""
    return take(PetitionAction.CONTEST, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, at=at)


def handle(
    *, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """assigned -> handled: what the lead unit found and did, inside."""
    return take(PetitionAction.HANDLE, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, at=at)


def answer(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    told: str,
    note: str = "",
    files: int = 0,
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """handled -> answered: the lead unit's opinion (处理意见书) to the filer, with so many papers. The objection time starts."""

    def act(found: Petition, step: Step) -> None:
        step.data["round"] = rounds(found) + 1

    words, data = Words(told, note), {"files": files} if files else None
    return take(
        PetitionAction.ANSWER, op_id=op_id, petition=petition, by=by, act=act, words=words, data=data, seen=seen, at=at
    )


def rounds(petition: Petition) -> int:
    """How often it has been answered."""
    return PetitionEvent.objects.filter(petition=petition, kind=PetitionAction.ANSWER).count()


def ask_extension(
    *, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """The lead unit asks for more time; only the petition office can grant it (`routing.extend`)."""
    return take(
        PetitionAction.ASK_EXTENSION, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, at=at
    )


def note(*, op_id: UUID, petition: Petition, by: User, note: str, at: datetime | None = None) -> Petition:
    """A remark for those at work on it; the filer never sees it."""
    return take(PetitionAction.NOTE, op_id=op_id, petition=petition, by=by, words=Words(note=note), at=at)


def tell(
    *, op_id: UUID, petition: Petition, by: User, told: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """Words to the filer that decide nothing."""
    return take(PetitionAction.TELL, op_id=op_id, petition=petition, by=by, words=Words(told), seen=seen, at=at)


def recuse(
    *, op_id: UUID, petition: Petition, by: User, person: User, note: str, at: datetime | None = None
) -> Petition:
    """From now on `person` keeps away from this petition: they declare it themselves, or the petition office does.

    A person who handles can only declare it of themselves.
    """

    def act(found: Petition, step: Step) -> None:
        if person != by and by.role != Role.PETITION_OFFICE:
            raise Refused("not_yours", "只能为自己申请回避。", hint="请本人申请，或由信访局决定。", status=403)
        Tie.objects.get_or_create(petition=found, user=person, defaults={"at": step.at})

    data = {"user": person.pk}
    return take(
        PetitionAction.RECUSE, op_id=op_id, petition=petition, by=by, words=Words(note=note), data=data, at=at, act=act
    )


def unmask(*, op_id: UUID, petition: Petition, by: User, note: str) -> tuple[str, str]:
    """The filer's name and telephone number in full, `note` being the reason; the filer sees that it was done and why.

    The petition office, and the lead unit while it handles and explains its answer; never who accuses somebody.
    """

    def act(_found: Petition, _step: Step) -> None:
        allowance.spend(by, 1)

    found = take(PetitionAction.UNMASK, op_id=op_id, petition=petition, by=by, act=act, words=Words(note=note))
    return found.filer_name, found.filer_phone


def is_at_work(petition: Petition, user: User) -> bool:
    """Whether this person's unit is at work on it, lead or joint."""
    kind, _, code = units.of(user).partition(":")
    return bool(code) and Assignment.objects.filter(petition=petition, ended_at=None, **{kind: code}).exists()


def handles(petition: Petition, user: User) -> bool:
    """Whether this person's unit is at work on it, lead or joint, and they need not keep away."""
    return is_at_work(petition, user) and not is_bound(petition, user)
