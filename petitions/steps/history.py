"""The one way on: every step of a petition is checked against the table, written to its history, and audited.

The petition's row is locked first, so that of two people at work on it at once the second finds the state moved and is
told so; the row's update is guarded as well (state and seq as they were read), and the database holds state and history
together.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import AuditEvent, User
from households.operations import Answer, once
from households.outbox.actions import put
from households.refusals import Refused
from petitions.clocks import deadlines
from petitions.models import Content, Petition, PetitionEvent
from petitions.models.events import MAX_TOLD
from petitions.search.indexing import add_words
from petitions.sight import acting_role
from petitions.states import FILER, SYSTEM, PetitionAction, PetitionState, may_act, transition, why_not
from petitions.steps.needs import check_needs
from petitions.steps.step import NO_WORDS, Step, Words
from petitions.tallies import rows as tally_rows

Act = Callable[[Petition, Step], None]
_A = PetitionAction
TOLD = {  # steps that the filer hears of beyond the page: a decision, words that may ask for more, another due day
    **dict.fromkeys((_A.ANSWER, _A.REVIEW, _A.FINAL_REVIEW, _A.REDIRECT, _A.NOT_ACCEPT), "petition.answered"),
    **dict.fromkeys((_A.TELL, _A.PAUSE), "petition.told"),
    **dict.fromkeys((_A.EXTEND, _A.RESUME), "petition.due_moved"),
}


def role_of(petition: Petition, action: PetitionAction, by: User | None, absent: str = SYSTEM) -> str:
    """As what somebody acts: a person's role here; without a person `absent`, "filer" or "system"."""
    return acting_role(petition, by, action) if by else absent


def take(
    action: PetitionAction,
    *,
    op_id: UUID,
    petition: Petition,
    by: User | None,
    absent: str = SYSTEM,
    words: Words = NO_WORDS,
    data: dict[str, Any] | None = None,
    unit: str = "",
    seen: int | None = None,
    at: datetime | None = None,
    also: Petition | None = None,
    extra: object = None,
    act: Act | None = None,
) -> Petition:
    """Make one step once for `op_id`; returns the petition as it is then.

    `by` None is the filer or the schedule, as `absent` says. `seen` is the `seq` of the page from which a person acts:
    when the history has moved on, 409. `at` is when it happened (now; never before the last event, never in the
    future). `also` is a second petition to be locked with the first, `extra` what else tells two requests with one id
    apart. Refused 404 outside the audience, 403 for a wrong role or unit, 409 in a wrong state, 422 for what is missing.
    """
    moved: list[Petition] = []

    def act_once() -> Answer:
        _lock_in_order(petition, also)
        found = locked(petition)
        step = Step(action, by, role_of(found, action, by, absent), words.stripped(), data=dict(data or {}), unit=unit)
        step.at = _moment(found, at)
        _check(found, step, seen)
        if act is not None:
            act(found, step)
        write(found, step)
        moved.append(found)
        return {"petition": found.pk, "state": found.state, "seq": found.seq}

    payload = [petition.pk, words.told, words.note, data or {}, unit, extra]
    once(op_id=op_id, by=by, kind=f"petition.{action}", payload=payload, act=act_once)
    return moved[0] if moved else Petition.objects.select_related("place").get(pk=petition.pk)


def locked(petition: Petition) -> Petition:
    """The petition as it is now, its row locked until the transaction ends."""
    return Petition.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=petition.pk)


def _lock_in_order(petition: Petition, also: Petition | None) -> None:
    """Two rows always in the order of their keys, so that A into B and B into A wait instead of blocking each other."""
    if also is not None:
        rows = Petition.objects.filter(pk__in=[petition.pk, also.pk]).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def write(petition: Petition, step: Step) -> PetitionEvent:
    """Append the step to the history, move the petition, write the audit line. In the caller's transaction.

    Refused (409) for a petition whose content was erased: its history is at its end.
    """
    if petition.erased_at is not None:
        hint = "新的情况请另行提交。"
        raise Refused("erased", "这件信访的内容已依法清除，不能再办理。", hint=hint, status=409)
    target = _target(petition, step)
    event = PetitionEvent(
        petition=petition,
        seq=petition.seq + 1,
        kind=step.action,
        state=target,
        at=step.at,
        by=step.by,
        role=step.role,
        data=step.data,
        told=step.words.told,
        note=step.words.note,
    )
    event.save(force_insert=True)
    history = deadlines.bare(PetitionEvent.objects.filter(petition=petition))
    _move(petition, seq=event.seq, state=target, **{**step.changes, **deadlines.clock_columns_of(history)})
    tally_rows.keep(petition, history)
    add_words(petition, event)
    if kind := TOLD.get(PetitionAction(event.kind)):
        tell_filers(kind, petition, key=f"{petition.number}:{event.seq}")
    record(petition, step)
    return event


def tell_filers(kind: str, petition: Petition, *, key: str) -> None:
    """Also those whose petitions go on as this one. Of an accusation nothing goes to a telephone that others may hold."""
    for quiet in (False, True):
        closed = Q(content=Content.ACCUSATION) | Q(against_office=True)
        theirs = Petition.objects.filter(Q(pk=petition.pk) | Q(merged_into=petition), closed if quiet else ~closed)
        put(kind, key=key, petitions=theirs.values_list("number", flat=True), quiet=quiet)


def _target(petition: Petition, step: Step) -> PetitionState:
    move = transition(step.action, petition.status, step.role)
    return move.target if move else petition.status


def _move(petition: Petition, **changes: Any) -> None:
    """The guarded update: from the state and line that were read, or not at all."""
    as_read = Petition.objects.filter(pk=petition.pk, seq=petition.seq, state=petition.state)
    if not as_read.update(**changes):
        raise overtaken()
    for name, value in changes.items():
        setattr(petition, name, value)


def record(petition: Petition, step: Step) -> None:
    """Write `line_of` the step."""
    audit.record_all([line_of(petition.number, step)])


def line_of(number: str, step: Step) -> AuditEvent:
    """The audit line: who did what to which number. It never says a name or a text.

    Its place is the county for every petition alike: a place that only accusations lack would tell which they are.
    """
    about = {"place": county_of(number), "subject": number}
    return audit.line(audit.VILLAGER if step.role == FILER else step.by, f"petition.{step.action}", **about)


def overtaken() -> Refused:
    return Refused(
        "petition_moved", "刚刚有人办理过这件信访，页面上的内容已经旧了。", hint="请看过最新情况再办理。", status=409
    )


def last_at(petition: Petition) -> datetime:
    """When the last step was taken: there is one from the filing on."""
    return PetitionEvent.objects.filter(petition=petition).order_by("-seq").values_list("at", flat=True)[0]


def _moment(petition: Petition, at: datetime | None) -> datetime:
    """When the step happened: never before the line it follows, so that clocks only run forward."""
    now = timezone.now()
    if at is not None and at > now:
        raise Refused("time_ahead", "办理时间不能晚于现在。", fields={"at": "晚于现在"})
    last = last_at(petition)
    if at is not None and at < last:
        raise Refused("time_behind", "办理时间不能早于上一步。", fields={"at": "早于上一步"})
    return at or max(now, last)


def _check(petition: Petition, step: Step, seen: int | None) -> None:
    _check_sight(petition, step)
    if not may_act(step.role, step.action):
        raise Refused("not_yours", f"您的角色不能{step.action.label}。", hint="请找信访局办理。", status=403)
    if seen is not None and seen != petition.seq:
        raise overtaken()
    move = transition(step.action, petition.status, step.role)
    if move is None:
        reason = why_not(step.action, petition.status) or f"现在要由别人来{step.action.label}。"
        raise Refused("wrong_state", reason, hint=_whose_turn(petition), status=409)
    for name, text in (("told", step.words.told), ("note", step.words.note)):
        if len(text) > MAX_TOLD:
            raise Refused(f"{name}_too_long", f"最多写 {MAX_TOLD} 个字。", fields={name: "太长"})
    check_needs(petition, step, move.needs)


def _check_sight(petition: Petition, step: Step) -> None:
    """Nobody acts on what they may not read. Supervising by number is the county office's only sight, accusations never."""
    if step.by is None or Petition.objects.visible_to(step.by).filter(pk=petition.pk).exists():
        return
    if (
        step.action is PetitionAction.SUPERVISE
        and Petition.objects.overseen_by(step.by).filter(pk=petition.pk).exists()
    ):
        return
    raise Refused("not_found", "没有找到这件信访。", hint="请核对编号。", status=404)


def _whose_turn(petition: Petition) -> str:
    waits_for = petition.waits_for
    return f"现在等待：{waits_for}。" if waits_for else ""
