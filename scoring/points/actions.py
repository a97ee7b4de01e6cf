"""Points given or taken by hand: one person asks, another grants or refuses.

A household's points are asked for by its village cadre and granted by the township; those of divisions and departments are
asked for by one person of the county office and granted by another.
"""

from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.inbox.actions import post_of, tell
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger.owners import Owner
from scoring.models import AskState, OwnerKind, PointAdjustment
from scoring.points.owners import departments_reached, reaches
from scoring.reasons import PointsReason, by_hand

ASKS: dict[str, Role] = {
    OwnerKind.HOUSEHOLD: Role.CADRE,
    OwnerKind.DIVISION: Role.COUNTY_OFFICE,
    OwnerKind.DEPARTMENT: Role.COUNTY_OFFICE,
}
GRANTS: dict[str, Role] = {
    OwnerKind.HOUSEHOLD: Role.TOWNSHIP,
    OwnerKind.DIVISION: Role.COUNTY_OFFICE,
    OwnerKind.DEPARTMENT: Role.COUNTY_OFFICE,
}


def may_ask(by: User, owner: Owner) -> bool:
    """Whether the person may ask for a change of this owner's points."""
    return may(by, Permission.ASK_POINTS) and by.role == ASKS[owner.kind] and reaches(by, owner)


def may_decide(by: User, asked: PointAdjustment) -> bool:
    """Whether the person may grant or refuse what was asked; never who asked."""
    owner = owner_of(asked)
    granter = may(by, Permission.GRANT_POINTS) and by.role == GRANTS[owner.kind] and reaches(by, owner)
    return granter and asked.asked_by_id != by.pk


def within(reader: User) -> "QuerySet[PointAdjustment]":
    """What was asked for owners that are the reader's business."""
    departments = Q(owner_kind=OwnerKind.DEPARTMENT, owner__in=departments_reached(reader))
    places = ~Q(owner_kind=OwnerKind.DEPARTMENT) & reader.scope.condition("owner")
    return PointAdjustment.objects.filter(departments | places)


def owner_of(asked: PointAdjustment) -> Owner:
    return Owner(OwnerKind(asked.owner_kind), asked.owner)


def ask_points(
    *, owner: Owner, points: int, reason: str, op_id: UUID, by: User, public_reason: str = PointsReason.OTHER
) -> Answer:
    """Ask for `points` more, or fewer when negative. Answers {"adjustment": id}; harmless when repeated.

    `reason` is for the one who decides; the account's owner reads `public_reason`.
    """
    if not may_ask(by, owner):
        raise Refused("not_yours", "您不能申请调整这个账户的积分。", status=403)
    public_reason = public_reason or PointsReason.OTHER
    payload = [owner.kind, owner.code, points, reason.strip(), str(public_reason)]

    def act() -> Answer:
        return _ask(owner, points, reason.strip(), _listed(public_reason), by)

    return once(op_id=op_id, by=by, kind="points.ask", payload=payload, act=act)


def _listed(public_reason: str) -> PointsReason:
    if public_reason not in set(PointsReason):
        raise Refused("public_reason_unknown", "公开的原因要从列出的里面选。", fields={"public_reason": "请选择"})
    return PointsReason(public_reason)


def _ask(owner: Owner, points: int, reason: str, public_reason: PointsReason, by: User) -> Answer:
    check_ceiling(points)
    if not reason:
        raise Refused("reason_missing", "请写明为什么调整。", hint="只有批准的人能看到，账户的人看到的是公开的原因。")
    asked, fresh = PointAdjustment.objects.get_or_create(
        owner_kind=owner.kind,
        owner=owner.code,
        state=AskState.ASKED,
        defaults={"points": points, "reason": reason, "public_reason": public_reason, "asked_by": by},
    )
    if not fresh:
        raise Refused("already_asked", "这个账户已经有一笔调整在等批准。", hint="请等它有了结果再申请。", status=409)
    audit.record(by, "points.ask", place=_place(owner), subject=owner.code, points=points)
    return {"adjustment": asked.pk}


def grant_points(*, asked: PointAdjustment, op_id: UUID, by: User) -> Answer:
    """Grant what was asked: one entry in the ledger. Of two who decide at once, the second is told who was first."""
    _check_decider(by, asked)
    return once(op_id=op_id, by=by, kind="points.grant", payload=asked.pk, act=lambda: _grant(asked, by))


def _grant(asked: PointAdjustment, by: User) -> Answer:
    check_ceiling(asked.points)
    _decide(asked, AskState.GRANTED, "", by)
    owner = owner_of(asked)
    text = by_hand(PointsReason(asked.public_reason))
    ledger.adjust(owner, asked.points, key=f"adjustment:{asked.pk}", text=text)
    audit.record(by, "points.grant", place=_place(owner), subject=owner.code, points=asked.points)
    return {"adjustment": asked.pk, "state": AskState.GRANTED.value}


def refuse_points(*, asked: PointAdjustment, answer: str, op_id: UUID, by: User) -> Answer:
    """Refuse what was asked, with the reason; nothing moves."""
    _check_decider(by, asked)
    payload = [asked.pk, answer.strip()]
    return once(
        op_id=op_id, by=by, kind="points.refuse", payload=payload, act=lambda: _refuse(asked, answer.strip(), by)
    )


def _refuse(asked: PointAdjustment, answer: str, by: User) -> Answer:
    if not answer:
        raise Refused("reason_missing", "不批准要写明原因。", hint="申请人会看到。")
    _decide(asked, AskState.REFUSED, answer, by)
    owner = owner_of(asked)
    audit.record(by, "points.refuse", place=_place(owner), subject=owner.code, points=asked.points)
    return {"adjustment": asked.pk, "state": AskState.REFUSED.value}


def check_ceiling(points: int) -> None:
    """Refuse nothing at all, and more than one adjustment may move."""
    ceiling = settings.POINT_ADJUSTMENT_CEILING
    if not 1 <= abs(points) <= ceiling:
        raise Refused(
            "over_the_ceiling",
            f"一次人工调整最多加减 {ceiling} 积分，最少 1 积分。",
            hint="涉及考核结果的，请走锁定月份的更正。",
            fields={"points": f"±1 到 ±{ceiling}"},
        )


def _check_decider(by: User, asked: PointAdjustment) -> None:
    if asked.asked_by_id == by.pk:
        raise Refused("same_person", "自己申请的，自己不能批准。", hint="请另一位有权批准的同志来办。", status=403)
    check_key(by, asked.asked_by)
    if not may_decide(by, asked):
        raise Refused("not_yours", "您不能决定这笔积分调整。", status=403)


def _decide(asked: PointAdjustment, state: AskState, answer: str, by: User) -> None:
    """Only one who still waits is decided: whoever comes second finds nothing to change."""
    waiting = PointAdjustment.objects.filter(pk=asked.pk, state=AskState.ASKED)
    if not waiting.update(state=state, answer=answer, decided_by=by, decided_at=timezone.now()):
        raise Refused("already_decided", "这笔调整已经有人决定了。", hint="请刷新页面看结果。", status=409)
    about = [asked.owner_kind, asked.owner, state.value]
    tell("points.decided", key=asked.pk, to=[post_of(asked.asked_by)], about=about)


def _place(owner: Owner) -> str:
    return "" if owner.kind == OwnerKind.DEPARTMENT else owner.code
