"""Which action a transition over HTTP calls, and which of the sent fields it is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from households.models import User
from households.refusals import Refused
from petitions.cases.actions import merging
from petitions.erasing import actions as erasing
from petitions.models import Petition
from petitions.sight import acts_as
from petitions.states import MOVING, TRANSITIONS, PetitionAction, PetitionState, action_to, why_not
from petitions.steps import closing, handling, routing

Act = Callable[..., Petition]


@dataclass(frozen=True)
class _Call:
    """An action, the fields it takes, and those without which it cannot be called at all."""

    act: Act
    takes: tuple[str, ...]
    demands: tuple[str, ...] = ()


_A = PetitionAction
_WORDS = ("told", "note", "seen")
_CALLS: dict[PetitionAction, _Call] = {
    _A.ACCEPT: _Call(routing.accept, _WORDS),
    _A.REDIRECT: _Call(routing.redirect, (*_WORDS, "path", "unit"), ("path", "told")),
    _A.NOT_ACCEPT: _Call(routing.not_accept, (*_WORDS, "path"), ("path", "told")),
    _A.ASSIGN: _Call(routing.assign, (*_WORDS, "lead", "joint"), ("lead",)),
    _A.RETURN: _Call(routing.return_to_unit, ("note", "seen"), ("note",)),
    _A.EXTEND: _Call(routing.extend, (*_WORDS, "days"), ("days", "told")),
    _A.PAUSE: _Call(routing.pause, _WORDS, ("told",)),
    _A.RESUME: _Call(routing.resume, _WORDS),
    _A.SUPERVISE: _Call(routing.supervise, ("note", "seen"), ("note",)),
    _A.REMIND: _Call(routing.remind, ("note",)),
    _A.CONTEST: _Call(handling.contest, ("note", "seen"), ("note",)),
    _A.HANDLE: _Call(handling.handle, ("note", "seen"), ("note",)),
    _A.ANSWER: _Call(handling.answer, _WORDS, ("told",)),
    _A.ASK_EXTENSION: _Call(handling.ask_extension, ("note", "seen"), ("note",)),
    _A.NOTE: _Call(handling.note, ("note",), ("note",)),
    _A.TELL: _Call(handling.tell, ("told", "seen"), ("told",)),
    _A.CLOSE: _Call(closing.close, _WORDS),
    _A.REOPEN: _Call(closing.reopen, _WORDS, ("note",)),
    _A.ASK_REVIEW: _Call(closing.ask_review, ("note", "seen"), ("note",)),
    _A.REVIEW: _Call(closing.review, (*_WORDS, "outcome"), ("outcome", "told")),
    _A.ASK_FINAL_REVIEW: _Call(closing.ask_final_review, ("note", "seen"), ("note",)),
    _A.FINAL_REVIEW: _Call(closing.final_review, (*_WORDS, "outcome"), ("outcome", "told")),
    _A.MERGE: _Call(merging.merge, (*_WORDS, "into"), ("into", "told")),
    _A.UNMERGE: _Call(merging.unmerge, ("note", "seen"), ("note",)),
    _A.HOLD: _Call(erasing.hold, ("note", "seen"), ("note",)),
    _A.RELEASE: _Call(erasing.release, ("note", "seen"), ("note",)),
    _A.REFUSE_ERASURE: _Call(erasing.refuse_erasure, ("told", "seen"), ("told",)),
    _A.ERASE: _Call(erasing.erase, ("extent", "seen"), ("extent",)),
}


def make(petition: Petition, *, op_id: UUID, to: str, by: User, sent: dict[str, Any]) -> Petition:
    """Take the petition to the state, or through the action, that `to` names. Refused as the actions refuse."""
    action = _action(petition, to, by)
    call = _CALLS.get(action)
    if call is None:
        raise Refused("not_yours", f"{action.label}不能在这里办理。", hint="请来信人在自己的页面上办理。", status=403)
    missing = {name: "必填" for name in call.demands if not sent.get(name)}
    if missing:
        raise Refused("invalid", f"{action.label}还缺少内容。", hint=f"请补上 {'、'.join(missing)}。", fields=missing)
    given = {name: sent[name] for name in call.takes if name in sent}
    if "into" in given:
        given["into"] = _other(given["into"], by)
    return call.act(op_id=op_id, petition=petition, by=by, **given)


def _action(petition: Petition, to: str, by: User) -> PetitionAction:
    """The action itself, or the one that leads to the state for this role; else for anybody, who is then refused by role."""
    if to in tuple(PetitionAction):
        return PetitionAction(to)
    target = PetitionState(to)
    ways = (action_to(target, petition.status, role) for role in acts_as(petition, by))
    found = next((way for way in ways if way), None)
    anybody = (one.action for one in TRANSITIONS if one.target is target and one.action in MOVING)
    from_here = (one.action for one in TRANSITIONS if one.source is petition.status and one.target is target)
    action = found or next((one for one in from_here if one in MOVING), None) or next(anybody, None)
    if action is None:
        raise Refused("wrong_state", f"没有回到“{target.label}”的办法。", hint=why_not(_A.FILE, target), status=409)
    return action


def _other(number: str, by: User) -> Petition:
    found = Petition.objects.visible_to(by).filter(number=number).first() if "\0" not in number else None
    if not isinstance(found, Petition):
        raise Refused("not_found", "没有找到要并入的信访件。", hint="请核对编号。", fields={"into": "没有这一件"})
    return found
