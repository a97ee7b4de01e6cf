"""Receptions are planned, moved, held, followed up or cancelled: by the petition office, each step with a line of history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from households import audit
from households.codes import Level, county_of, is_level
from households.models import Division, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from petitions import units
from petitions.models import (
    Attendance,
    Reception,
    ReceptionKind,
    ReceptionOutcome,
    ReceptionRecord,
    ReceptionStep,
)
from petitions.reception_states import RECEPTION_MOVES, ReceptionMove, ReceptionState
from petitions.receptions.actions.lists import check_nobody_accused, listed_petitions
from petitions.states import PetitionState

MAX_AHEAD = timedelta(days=366)  # a plan further away, or so long ago, is a slip of the keyboard
MAX_REASON, MAX_UNITS = 200, 30
_LIMITS = {"leader": 30, "post": 40, "room": 60}
_NAMES = {
    "leader": "接访领导",
    "post": "职务",
    "room": "地点",
    "kind": "种类",
    "ends": "结束时间",
    "day": "日期",
    "place": "地方",
}


@dataclass(frozen=True, kw_only=True)
class ReceptionPlan:
    """Who receives where and when. `place` is a division's code, `units` those present (department:LYJ, division:…)."""

    kind: str
    day: date
    starts: time
    ends: time
    place: str
    leader: str
    post: str
    room: str = ""
    units: tuple[str, ...] = field(default=())


def plan(*, op_id: UUID, plan: ReceptionPlan, by: User) -> Reception:
    """Plan a reception, once for `op_id`. Refused when the same leader is elsewhere at that time (409)."""
    checked = _checked(plan, by)

    def act() -> Answer:
        _lock_county(checked.place)
        given: dict[str, Any] = {name: getattr(checked, name) for name in ("kind", "day", "starts", "ends", "room")}
        reception = Reception(
            place_id=checked.place, leader=checked.leader, post=checked.post, state=ReceptionState.PLANNED, **given
        )
        _check_clash(reception)
        reception.save(force_insert=True)
        _attend(reception, checked.units)
        _write(reception, ReceptionMove.PLAN, by)
        return {"reception": reception.pk}

    answer = once(op_id=op_id, by=by, kind="reception.plan", payload=[vars(checked)], act=act)
    return Reception.objects.get(pk=answer["reception"])


def move(*, op_id: UUID, reception: Reception, by: User, day: date, starts: time, ends: time, reason: str) -> Reception:
    """planned -> planned on another day or at another hour, with a reason; counted and shown."""

    def change(found: Reception) -> None:
        if (day, starts, ends) == (found.day, found.starts, found.ends):
            raise Refused("not_moved", "日期和时间没有变。", fields={"day": "没有变"})
        _check_times(day, starts, ends)
        _lock_county(found.place_id)
        found.day, found.starts, found.ends, found.moves = day, starts, ends, found.moves + 1
        _check_clash(found)

    payload = [str(day), str(starts), str(ends)]
    return _go(ReceptionMove.MOVE, op_id, reception, by, reason=_reason(reason), payload=payload, change=change)


def hold(*, op_id: UUID, reception: Reception, by: User) -> Reception:
    """planned -> held, from its day on; the first record of what was said does it as well."""

    def change(found: Reception) -> None:
        if found.day > timezone.localdate():
            raise Refused("not_yet", "还没有到接访的日子。", hint="提前接访的，请先改期。")

    return _go(ReceptionMove.HOLD, op_id, reception, by, change=change)


def cancel(*, op_id: UUID, reception: Reception, by: User, reason: str) -> Reception:
    """planned -> cancelled, with a reason."""
    return _go(ReceptionMove.CANCEL, op_id, reception, by, reason=_reason(reason))


def follow_up(*, op_id: UUID, reception: Reception, by: User, note: str = "") -> Reception:
    """held -> followed up: everything has its record, every promise its end, everything to be assigned is assigned."""
    return _go(ReceptionMove.FOLLOW_UP, op_id, reception, by, reason=note.strip()[:MAX_REASON], change=_check_seen_to)


def attend(*, op_id: UUID, reception: Reception, by: User, units: Sequence[str]) -> Reception:
    """Say anew which units are present, before it is held. Refused for a unit that a listed case accuses."""
    check_may_run(by, reception.place_id)

    def act() -> Answer:
        found = locked_reception(reception)
        if found.status is not ReceptionState.PLANNED:
            raise wrong_state(found, "调整到场单位")
        Attendance.objects.filter(reception=found).delete()
        _attend(found, tuple(units))
        check_nobody_accused(found, listed_petitions(found))
        audit.record(by, "reception.attend", place=found.place_id, subject=found.pk, number=len(units))
        return {"reception": found.pk}

    once(op_id=op_id, by=by, kind="reception.attend", payload=[reception.pk, list(units)], act=act)
    return Reception.objects.get(pk=reception.pk)


def held_by_record(reception: Reception, by: User) -> None:
    """A record has come in: what was planned is held. In the transaction of the record, with the row locked."""
    if reception.status is ReceptionState.PLANNED:
        reception.state = ReceptionState.HELD
        _write(reception, ReceptionMove.HOLD, by)
        reception.save(update_fields=["state"])


def locked_reception(reception: Reception) -> Reception:
    """The reception as it is now, its row locked until the transaction ends."""
    return Reception.objects.select_for_update(of=("self",), no_key=True).get(pk=reception.pk)


def check_may_run(by: User, place: str) -> None:
    """Refuse who does not run these days at this place."""
    if not may(by, Permission.RUN_RECEPTIONS, at=place):
        raise Refused("not_yours", "只有信访局能安排接访。", hint="请与信访局联系。", status=403)


def wrong_state(reception: Reception, what: str) -> Refused:
    """The refusal of what cannot be done in this state any more."""
    return Refused("wrong_state", f"这次接访{reception.status.label}，不能{what}。", hint="请看最新情况。", status=409)


def _go(
    kind: ReceptionMove,
    op_id: UUID,
    reception: Reception,
    by: User,
    *,
    reason: str = "",
    payload: object = None,
    change: Any = None,
) -> Reception:
    """One step of a reception, once for `op_id`, with its row locked."""
    check_may_run(by, reception.place_id)

    def act() -> Answer:
        found = locked_reception(reception)
        move = RECEPTION_MOVES.transition(kind, found.status)
        if move is None:
            raise wrong_state(found, kind.label)
        if change is not None:
            change(found)
        found.state = move.target
        _write(found, kind, by, reason)
        found.save(update_fields=["state", "day", "starts", "ends", "moves"])
        return {"reception": found.pk}

    once(op_id=op_id, by=by, kind=f"reception.{kind}", payload=[reception.pk, reason, payload], act=act)
    return Reception.objects.get(pk=reception.pk)


def _write(reception: Reception, kind: ReceptionMove, by: User, reason: str = "") -> None:
    """The line of its history and of the audit log; before the reception's own row, which follows it."""
    last = ReceptionStep.objects.filter(reception=reception).order_by("-seq").values_list("seq", flat=True).first()
    times: dict[str, Any] = {name: getattr(reception, name) for name in ("day", "starts", "ends")}
    step = ReceptionStep(
        reception=reception, seq=(last or 0) + 1, kind=kind, at=timezone.now(), by=by, reason=reason, **times
    )
    step.save(force_insert=True)
    audit.record(by, f"reception.{kind}", place=reception.place_id, subject=reception.pk, date=str(reception.day))


def _lock_county(place: str) -> None:
    """Whoever plans in the same county waits here, so that nobody is planned twice at one time."""
    Division.objects.select_for_update(no_key=True).get(pk=county_of(place))


def _check_clash(reception: Reception) -> None:
    """Nobody is at two places at one time: the same name and post, in hours that overlap."""
    others = Reception.objects.standing().filter(
        lies_in(county_of(reception.place_id), "place"),
        day=reception.day,
        leader=reception.leader,
        post=reception.post,
        starts__lt=reception.ends,
        ends__gt=reception.starts,
    )
    clash = others.exclude(pk=reception.pk).select_related("place").first()
    if clash is not None:
        raise Refused(
            "leader_elsewhere",
            f"{clash.post}{clash.leader}这天 {clash.starts:%H:%M} 到 {clash.ends:%H:%M} 已排在{clash.place.name}接访。",
            hint="请换一个时间，或换一位领导。",
            fields={"starts": "时间冲突"},
            status=409,
        )


def _attend(reception: Reception, listed: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(listed))
    if len(wanted) > MAX_UNITS:
        raise Refused("too_many_units", f"到场单位最多 {MAX_UNITS} 个。", fields={"units": "太多"})
    found = [units.named(unit, "department", "division") for unit in wanted]
    for unit in wanted:
        code = unit.removeprefix("division:")
        if code != unit and (not is_level(code, Level.TOWNSHIP) or county_of(code) != county_of(reception.place_id)):
            raise Refused("unit_unknown", "只能选本县的部门或乡镇。", fields={"units": "不是乡镇"})
    Attendance.objects.bulk_create(Attendance(reception=reception, **place) for place in found)


def _checked(plan: ReceptionPlan, by: User) -> ReceptionPlan:
    """The plan as it is checked, names without blanks; refused with every field that is wrong."""
    texts = {"leader": "".join(plan.leader.split()), "post": "".join(plan.post.split()), "room": plan.room.strip()}
    wrong = {name: f"最多 {most} 个字" for name, most in _LIMITS.items() if len(texts[name]) > most}
    wrong |= {name: "有不能识别的字符" for name, text in texts.items() if "\0" in text}
    wrong |= {name: "必填" for name in ("leader", "post") if not texts[name]}
    if plan.kind not in ReceptionKind.values:
        wrong["kind"] = "不在选项里"
    if "\0" in plan.place or not Division.objects.filter(pk=plan.place, pk__gte="1").exists():
        wrong["place"] = "没有这个地方"
    if wrong:
        raise Refused("invalid", f"请核对：{'、'.join(_NAMES[name] for name in wrong)}。", fields=wrong)
    check_may_run(by, plan.place)
    _check_times(plan.day, plan.starts, plan.ends)
    return ReceptionPlan(**{**vars(plan), **texts})


def _check_times(day: date, starts: time, ends: time) -> None:
    today = timezone.localdate()
    if not today - MAX_AHEAD <= day <= today + MAX_AHEAD:
        raise Refused("day_far", "日期离今天超过一年，请核对。", fields={"day": "超过一年"})
    if ends <= starts:
        raise Refused("ends_early", "结束时间应晚于开始时间。", fields={"ends": "早于开始"})


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Refused("reason_missing", "请写明原因。", fields={"reason": "必填"})
    if len(reason) > MAX_REASON:
        raise Refused("reason_too_long", f"原因最多写 {MAX_REASON} 个字。", fields={"reason": "太长"})
    return reason


def _check_seen_to(reception: Reception) -> None:
    """What still stands against calling it followed up, with how many."""
    unsaid = reception.items.filter(removed_at=None, records=None).count()
    owed = reception.promises.open().count()
    later = ReceptionRecord.objects.filter(petition=OuterRef("petition"), reception=reception, pk__gt=OuterRef("pk"))
    latest = ReceptionRecord.objects.filter(reception=reception).filter(~Exists(later))
    waiting = latest.filter(
        outcome=ReceptionOutcome.FOLLOW, petition__state__in=(PetitionState.FILED, PetitionState.ACCEPTED)
    )
    counts = {"件没有记录": unsaid, "项承诺没有了结": owed, "件还没有交办": waiting.count()}
    missing = [f"{number} {what}" for what, number in counts.items() if number]
    if missing:
        raise Refused("not_seen_to", f"还有{'，'.join(missing)}。", hint="都了结了再点跟进完毕。", status=409)
