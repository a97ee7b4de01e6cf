"""One step of an objection: the sheet's row is held first, then its own; whoever comes second is told what the first one did."""

from typing import Any

from django.utils import timezone

from households import audit
from households.codes import Level, is_level
from households.inbox.actions import Post, post_of, tell
from households.models import User
from households.outbox.actions import put
from households.refusals import Refused
from households.words.folding import stored
from scoring.models import Objection, ObjectionStep, Sheet
from scoring.months.months import locked
from scoring.objection_states import PANEL, TABLE, ObjectionAction, ObjectionState, due_on
from scoring.objections.hearing import is_secret
from scoring.states import SYSTEM

MAX_WORDS = 500
TOLD = {
    ObjectionAction.FILE: "objection.filed",
    ObjectionAction.UPHOLD: "objection.ruled",
    ObjectionAction.REJECT: "objection.ruled",
    ObjectionAction.HAND_ON: "objection.handed_on",
    ObjectionAction.LAPSE: "objection.lapsed",
}
UNKNOWN = Refused("objection_unknown", "没有这一件异议。", status=404)


def held(number: int) -> tuple[Sheet, Objection]:
    """The objection and its village's sheet, both locked, the sheet first: everything written to a month waits there."""
    known = Objection.objects.filter(pk=number).values_list("period_id", "village_id").first()
    if known is None:
        raise UNKNOWN
    sheet = locked(Sheet.objects.get(period=known[0], village=known[1]))
    return sheet, Objection.objects.select_for_update(of=["self"]).whole().get(pk=number)


def said(words: str, missing: str, *, code: str, field: str) -> str:
    """Words as they are kept. Refused when there are none, or too many."""
    kept = stored(words)
    if not kept or len(kept) > MAX_WORDS:
        fault = f"最多写 {MAX_WORDS} 个字。" if kept else missing
        raise Refused(code, fault, fields={field: fault})
    return kept


def check_step(objection: Objection, action: ObjectionAction, role: str) -> ObjectionState:
    """The state that follows. Refused (409) where the objection is past it, (422) for a post that does not take this step."""
    state = ObjectionState(objection.state)
    found = TABLE.transition(action, state, role)
    if found is None:
        closed = TABLE.why_not(action, state)
        if closed:
            raise Refused("objection_state", closed, status=409)
        raise Refused("not_yours", f"您的岗位现在不能{action.label}这一件。")
    return found.target


def take(
    objection: Objection,
    action: ObjectionAction,
    *,
    role: str,
    by: User | None,
    words: str = "",
    public_reason: str = "",
    tells: bool = True,
    **detail: Any,
) -> None:
    """Write the step and its audit line; what else the row holds by then is saved with it. `tells` the household where it is to know."""
    objection.state = check_step(objection, action, role)
    objection.due_on = due_on(ObjectionState(objection.state), timezone.localdate())
    objection.save(update_fields=["state", "due_on", "blocks", "added", "adjustment"])
    note(objection, action, role=role, by=by, words=words, public_reason=public_reason, tells=tells, **detail)


def note(
    objection: Objection,
    action: ObjectionAction,
    *,
    role: str,
    by: User | None,
    words: str = "",
    public_reason: str = "",
    tells: bool = True,
    **detail: Any,
) -> None:
    """The step's own row. The audit line holds no words: those are for the parties."""
    step = ObjectionStep.objects.create(
        objection=objection,
        action=action,
        state=objection.state,
        role=role,
        by=by,
        public_reason=public_reason,
        words=words,
    )
    if action in (ObjectionAction.UPHOLD, ObjectionAction.REJECT):
        _tell(objection, step)
    if tells:
        _tell_household(objection, step)
    about = {"public_reason": public_reason} if public_reason else {}
    audit.record(
        by, f"objection.{action}", place=objection.code, subject=objection, month=objection.period_id, **about, **detail
    )


def _tell(objection: Objection, step: ObjectionStep) -> None:
    """The village's panel and whoever recorded or objected, by post; of a record that the village may not read nobody there."""
    event = objection.event
    to: list[Post] = [] if is_secret(event) else [(role, objection.village_id) for role in PANEL]
    parties = [event.recorded_by if event else None, objection.filed_by]
    to += [post_of(person) for person in parties if person]
    tell("objection.ruled", key=step.pk, to=to, about=[objection.pk, objection.number, step.role])


def _tell_household(objection: Objection, step: ObjectionStep) -> None:
    """That one came in, was ruled on or handed on, or that its days are over.

    What village and township may not read does not pass through their hands.
    """
    kind = TOLD.get(ObjectionAction(step.action))
    if kind and is_level(objection.code, Level.HOUSEHOLD):
        put(kind, key=step.pk, households=[objection.code], quiet=is_secret(objection.event))


def by_itself(objection: Objection, action: ObjectionAction, *, tells: bool = True) -> None:
    """A step that nobody takes: days that are over."""
    take(objection, action, role=SYSTEM, by=None, tells=tells)
