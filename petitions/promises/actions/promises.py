"""Promises to filers: made, moved, reported, and fulfilled only when the petition office or the filer says so.

Every step is a line of the petition's own history, through `petitions.steps.history.take`: the filer reads it, the
petition's row is locked, and a repetition of the same `op_id` changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions import units
from petitions.models import Petition, PetitionEvent, Promise, Reception
from petitions.promise_states import PROMISE_STEPS, PromiseState, PromiseStep
from petitions.states import FILER, SYSTEM, PetitionAction
from petitions.steps.history import overtaken, role_of, take
from petitions.steps.routing import check_unit
from petitions.steps.step import Step, Words

MAX_WHAT, MAX_PERSON, MAX_POST = 500, 30, 40
MAX_AHEAD = timedelta(days=366)  # a promise for later is none


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What is promised: `what` in words for the filer, by `unit` (department:LYJ, division:430525100), until `due`."""

    what: str
    unit: str
    due: date
    person: str = ""
    post: str = ""


@transaction.atomic
def make(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    promised: Promised,
    reception: Reception | None = None,
    at: datetime | None = None,
    said_on: date | None = None,
) -> Promise:
    """Write a promise down, once for `op_id`; `said_on` is the day on which it was made (today).

    Refused for a unit that the petition accuses, and for a day before it was made or more than a year after it.
    """
    day = said_on or timezone.localdate()
    checked = _checked(promised, day)
    place = units.named(checked.unit, "department", "division")
    numbers: list[int] = []

    def act(found: Petition, step: Step) -> None:
        if by.role != Role.PETITION_OFFICE:
            raise Refused("not_yours", "承诺由信访局登记。", hint="请与信访局联系。", status=403)
        check_unit(found, checked.unit)
        numbers.append(Promise.objects.filter(petition=found).count() + 1)
        step.data["promise"] = numbers[0]

    data = {"step": PromiseStep.MADE.value, "due": checked.due.isoformat()}
    more = [checked.unit, checked.person, checked.post, reception and reception.pk]
    moved = take(
        PetitionAction.PROMISE,
        op_id=op_id,
        petition=petition,
        by=by,
        words=Words(checked.what),
        data=data,
        extra=more,
        at=at,
        act=act,
    )
    if numbers:
        return _insert(moved, numbers[0], checked, reception, place)
    return _made_before(petition, op_id)


def _insert(
    petition: Petition, number: int, promised: Promised, reception: Reception | None, place: dict[str, Any]
) -> Promise:
    promise = Promise(
        petition=petition,
        number=number,
        made=PetitionEvent.objects.get(petition=petition, seq=petition.seq),
        reception=reception,
        person=promised.person,
        post=promised.post,
        first_due_on=promised.due,
        due_on=promised.due,
        state=PromiseState.MADE,
        seq=petition.seq,
        **place,
    )
    promise.save(force_insert=True)
    return promise


def _made_before(petition: Petition, op_id: UUID) -> Promise:
    """The promise that this id made: its answer holds the line of the history."""
    from households.models import Operation  # noqa: PLC0415  # only to find a repetition

    answer = Operation.objects.get(op_id=op_id).answer
    return Promise.objects.get(petition=petition, made__seq=answer["seq"])


def move(
    *, op_id: UUID, promise: Promise, by: User, due: date, told: str, note: str = "", at: datetime | None = None
) -> Promise:
    """The day is put off (or forward), `told` tells the filer why; how often is counted and shown."""
    today = timezone.localdate()
    if not today <= due <= today + MAX_AHEAD:
        raise Refused("due_wrong", "新的日期应在今天以后一年以内。", fields={"due": "不在一年以内"})

    def check(found: Promise) -> None:
        if found.due_on == due:
            raise Refused("not_moved", "日期没有变。", fields={"due": "没有变"})

    told = _needed(told, "told", "请写明改期的原因，来信人会看到。")
    return _go(PromiseStep.MOVED, op_id, promise, by, told=told, note=note, due=due, at=at, check=check)


def report(*, op_id: UUID, promise: Promise, by: User, note: str, at: datetime | None = None) -> Promise:
    """made -> reported: the promising unit says what it did; the petition office enters what came on paper."""
    note = _needed(note, "note", "请写明做了什么。")

    def check(found: Promise) -> None:
        own = units.of(by)
        if own and own != found.unit:
            raise Refused("not_yours", "这不是您单位作的承诺。", hint="请由作出承诺的单位报告。", status=403)

    return _go(PromiseStep.REPORTED, op_id, promise, by, note=note, at=at, check=check)


def send_back(*, op_id: UUID, promise: Promise, by: User, note: str, told: str = "") -> Promise:
    """reported -> made: the petition office looked and it is not done; `note` says what is missing."""
    note = _needed(note, "note", "请写明哪里没有兑现。")
    return _go(PromiseStep.RETURNED, op_id, promise, by, told=told, note=note)


def accept(*, op_id: UUID, promise: Promise, by: User, told: str, note: str = "") -> Promise:
    """reported -> fulfilled: the petition office has seen that it is done; `told` tells the filer what was done."""
    told = _needed(told, "told", "请写明兑现了什么，来信人会看到。")
    return _go(PromiseStep.FULFILLED, op_id, promise, by, told=told, note=note)


def confirm(*, op_id: UUID, promise: Promise, note: str = "") -> Promise:
    """-> fulfilled: the filer says that it is done."""
    return _go(PromiseStep.FULFILLED, op_id, promise, None, note=note, absent=FILER)


def give_up(*, op_id: UUID, promise: Promise, by: User, told: str, note: str = "") -> Promise:
    """-> given up, by the petition office alone; `told` gives the filer the reason."""
    told = _needed(told, "told", "请写明为什么不能兑现，来信人会看到。")
    return _go(PromiseStep.GIVEN_UP, op_id, promise, by, told=told, note=note)


def remind(*, op_id: UUID, promise: Promise, rung: int, note: str, at: datetime | None = None) -> Promise:
    """The schedule's reminder that it comes due, or is overdue."""
    return _go(PromiseStep.REMINDED, op_id, promise, None, note=note, at=at, more={"rung": rung})


@transaction.atomic
def _go(
    step: PromiseStep,
    op_id: UUID,
    promise: Promise,
    by: User | None,
    *,
    absent: str = SYSTEM,
    told: str = "",
    note: str = "",
    due: date | None = None,
    at: datetime | None = None,
    more: dict[str, Any] | None = None,
    check: Callable[[Promise], None] | None = None,
) -> Promise:
    """One step of a promise: its line in the petition's history, then the promise's own row, guarded."""
    role = role_of(promise.petition, PetitionAction.PROMISE, by, absent)
    before: list[Promise] = []

    def act(found: Petition, taken: Step) -> None:
        standing = Promise.objects.get(pk=promise.pk)  # the petition's lock is the promise's
        _check_step(step, standing, role)
        if check is not None:
            check(standing)
        taken.data["due"] = (due or standing.due_on).isoformat()
        before.append(standing)

    data: dict[str, Any] = {"promise": promise.number, "step": step.value} | (more or {})
    moved = take(
        PetitionAction.PROMISE,
        op_id=op_id,
        petition=promise.petition,
        by=by,
        data=data,
        act=act,
        words=Words(told, note),
        at=at,
        absent=absent,
        extra=str(due or ""),
    )
    if before:
        _follow(before[0], step, moved.seq, due)
    return Promise.objects.select_related("petition", "made").get(pk=promise.pk)


def _follow(standing: Promise, step: PromiseStep, seq: int, due: date | None) -> None:
    """The guarded update of the promise's row: from the line that was read, or not at all."""
    move = PROMISE_STEPS.transition(step, standing.status)
    assert move is not None  # `_check_step` has refused it otherwise
    changes: dict[str, Any] = {"state": move.target, "seq": seq}
    if due is not None:
        changes |= {"due_on": due, "moves": standing.moves + 1}
    if not Promise.objects.filter(pk=standing.pk, seq=standing.seq).update(**changes):
        raise overtaken()


def _check_step(step: PromiseStep, promise: Promise, role: str) -> None:
    found = PROMISE_STEPS.transition(step, promise.status)
    if found is None:
        raise Refused(
            "wrong_state", f"这项承诺{promise.status.label}，不能再这样办。", hint="请看最新情况。", status=409
        )
    if role not in found.roles:
        raise Refused("not_yours", "您的角色不能这样办。", hint="承诺由信访局核实，或由来信人确认。", status=403)


def _checked(promised: Promised, day: date) -> Promised:
    texts = {name: getattr(promised, name).strip() for name in ("what", "person", "post")}
    most = {"what": MAX_WHAT, "person": MAX_PERSON, "post": MAX_POST}
    wrong = {name: f"最多 {limit} 个字" for name, limit in most.items() if len(texts[name]) > limit}
    wrong |= {name: "有不能识别的字符" for name, text in texts.items() if "\0" in text}
    if not texts["what"]:
        wrong["what"] = "必填"
    if not day <= promised.due <= day + MAX_AHEAD:
        wrong["due"] = "应在一年以内"
    if wrong:
        raise Refused("promise_invalid", "请核对承诺的内容、责任人和日期。", fields=wrong)
    return Promised(**{**vars(promised), **texts})


def _needed(text: str, name: str, words: str) -> str:
    if not text.strip():
        raise Refused(f"{name}_missing", words, fields={name: "必填"})
    return text
