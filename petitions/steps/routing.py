"""The petition office's part: accept, redirect, not accept, assign, return, and what is agreed about the clock.

Every action takes `op_id` (the same id is harmless), `petition`, `by`, and optionally `seen` and `at` as
`petitions.steps.history.take` explains them; it returns the petition as it is then. `told` is for the filer to read,
`note` stays inside.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from households.codes import Level, county_of, is_level
from households.models import User
from households.refusals import Refused
from petitions import units
from petitions.clock_types import MAX_EXTENSION
from petitions.clocks import deadlines
from petitions.models import Accused, Assignment, Path, Petition, PetitionEvent
from petitions.states import PetitionAction, PetitionState
from petitions.steps.history import take
from petitions.steps.step import Step, Words

ACCEPTED_WORDS = "您反映的事项已经受理，我们会在规定期限内办理并答复您。"


def accept(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    told: str = ACCEPTED_WORDS,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """filed -> accepted: the clock of handling starts. From redirected or not accepted it needs a `note` why."""

    def act(found: Petition, step: Step) -> None:
        step.data |= deadlines.promised_days(found.content)

    return take(
        PetitionAction.ACCEPT, op_id=op_id, petition=petition, by=by, act=act, words=Words(told, note), seen=seen, at=at
    )


def redirect(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    path: str,
    told: str,
    unit: str = "",
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """-> redirected: it belongs on another path (`models.Path`), to `unit` if one can be named; `told` says so."""
    data = {"path": checked_path(path), "unit": unit.strip()[:60]}
    return take(
        PetitionAction.REDIRECT,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def not_accept(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    path: str,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """filed -> not_accepted: `told` gives the reason and the legal path (`models.Path`) that is open instead."""
    data = {"path": checked_path(path)}
    return take(
        PetitionAction.NOT_ACCEPT,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def checked_path(path: str) -> str:
    """A value of `models.Path`, or a refusal."""
    if path not in Path.values:
        raise Refused("path_missing", "请选择可以走的法定途径。", fields={"path": "必填"})
    return path


def assign(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    lead: str,
    joint: Sequence[str] = (),
    told: str = "",
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """-> assigned: to a `lead` unit and `joint` ones (department:CODE, or division:CODE of a township).

    Earlier assignments end. From assigned or handled it needs a `note` why. Refused for a unit that the petition
    accuses, or whose township lies below what it accuses.
    """
    shared = list(dict.fromkeys(unit for unit in joint if unit != lead))

    def act(found: Petition, step: Step) -> None:
        _check_new(found, lead, shared)
        _place_all(found, step, [lead, *shared])

    return take(
        PetitionAction.ASSIGN,
        op_id=op_id,
        petition=petition,
        by=by,
        words=Words(told, note),
        data={"lead": lead, "joint": shared},
        unit=lead,
        seen=seen,
        at=at,
        act=act,
    )


def _check_new(petition: Petition, lead: str, joint: Sequence[str]) -> None:
    """Refuse the very assignment that stands: only after an objection may the same unit be given it once more."""
    standing = {(one.unit, one.lead) for one in Assignment.objects.filter(petition=petition, ended_at=None)}
    if petition.status is not PetitionState.CONTESTED and standing == {
        (lead, True),
        *((unit, False) for unit in joint),
    }:
        hint = "要它重新办理，请退回；要催，请催办。"
        raise Refused("assigned_already", "现在就是交给这些单位办的。", hint=hint, status=409)


def _place_all(petition: Petition, step: Step, listed: Sequence[str]) -> None:
    places = [units.named(unit, "department", "division") for unit in listed]
    for unit in listed:
        check_unit(petition, unit)
    Assignment.objects.filter(petition=petition, ended_at=None).update(ended_at=step.at)
    Assignment.objects.bulk_create(
        Assignment(petition=petition, lead=place is places[0], at=step.at, by=step.by, **place) for place in places
    )


def check_unit(petition: Petition, unit: str) -> None:
    """Refuse a unit that cannot answer for the petition: not of its county, not a township, or the accused itself."""
    kind, _, code = unit.partition(":")
    if kind == "division" and (not is_level(code, Level.TOWNSHIP) or county_of(code) != petition.county):
        raise Refused("unit_unknown", "只能交给本县的部门或乡镇。", fields={"unit": "不是乡镇"})
    accused = Q(department=code) if kind == "department" else Q(division=code)
    if Accused.objects.filter(accused, petition=petition).exists():
        raise Refused(
            "unit_accused",
            "这件信访检举控告的就是这个单位，不能交给它办。",
            hint="请交给其他单位。",
            fields={"unit": "应当回避"},
        )


def return_to_unit(
    *, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """handled -> assigned: what was done is not enough; `note` says why."""
    return take(PetitionAction.RETURN, op_id=op_id, petition=petition, by=by, words=Words(note=note), seen=seen, at=at)


def extend(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    days: int,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """Grant more calendar days: never more than MAX_EXTENSION in one round of handling. `told` gives the filer the reason.

    Of an appeal (申诉求决) alone: article 34 knows no other extension, and a promise of the county is kept or late.

    The petition office approves; the unit that handles only asks (`handling.ask_extension`).
    """

    def act(found: Petition, step: Step) -> None:
        left = MAX_EXTENSION - extended_days(found)
        if not 1 <= days <= left:
            raise Refused(
                "extension_too_long",
                f"延期合计最多 {MAX_EXTENSION} 天，现在还能延 {left} 天。",
                fields={"days": f"应在 1 到 {left} 之间" if left else "不能再延"},
            )

    return take(
        PetitionAction.EXTEND,
        op_id=op_id,
        petition=petition,
        by=by,
        data={"days": days},
        act=act,
        words=Words(told, note),
        seen=seen,
        at=at,
    )


def extended_days(petition: Petition) -> int:
    """Days granted since it was accepted or reopened last."""
    lines = PetitionEvent.objects.filter(petition=petition)
    starts = lines.filter(kind__in=[PetitionAction.ACCEPT, PetitionAction.REOPEN]).order_by("-seq")
    since = starts.values_list("seq", flat=True).first() or 0
    granted = lines.filter(kind=PetitionAction.EXTEND, seq__gt=since).values_list("data", flat=True)
    return sum(data["days"] for data in granted)


def pause(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """Stop the clock from this day; `told` gives the filer the reason."""
    return take(PetitionAction.PAUSE, op_id=op_id, petition=petition, by=by, words=Words(told, note), seen=seen, at=at)


def resume(
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    told: str = "",
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """Let the clock run again from this day. `by` None is the schedule."""
    return take(PetitionAction.RESUME, op_id=op_id, petition=petition, by=by, words=Words(told, note), seen=seen, at=at)


def supervise(
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    note: str,
    step: int = 0,
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """A supervision order (督办): `note` is what the unit is ordered to do. `by` None is the schedule, `step` its rung."""
    data = {"step": step} if step else {}
    return take(
        PetitionAction.SUPERVISE,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        words=Words(note=note),
        seen=seen,
        at=at,
    )


def remind(
    *, op_id: UUID, petition: Petition, by: User | None, note: str = "", step: int = 0, at: datetime | None = None
) -> Petition:
    """A reminder (催办) to whom the next step waits for. `by` None is the schedule, `step` its rung."""
    data = {"step": step} if step else {}
    return take(PetitionAction.REMIND, op_id=op_id, petition=petition, by=by, words=Words(note=note), data=data, at=at)
