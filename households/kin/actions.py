"""Declaring own and kin's households, and ending a declaration."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.kin.keepers import may_end, may_see
from households.models import Household, KinTie, Relation, User
from households.permissions import Permission, may
from households.refusals import Refused


@transaction.atomic
def declare_kin(*, user: User, household: Household, relation: str, by: User) -> KinTie:
    """`user` says it of themselves, or the office above them does."""
    if not may_see(by, user) or not may(user, Permission.DECLARE_KIN):
        raise Refused("not_yours", "只能申报自己的，或者由上级代为申报。", status=403)
    if relation not in Relation.values:
        raise Refused("relation_unknown", "请选是本户还是亲属户。", fields={"relation": "请选择"})
    try:
        with transaction.atomic():
            made = KinTie.objects.create(user=user, household=household, relation=relation, declared_by=by)
    except IntegrityError:
        raise Refused("declared_before", "这一户已经申报过了。", status=409) from None
    audit.record(by, "kin.declare", place=household.pk, subject=user.username, relation=relation)
    return made


@transaction.atomic
def end_kin(*, tie: int, by: User) -> KinTie:
    """The office above takes a declaration back; nobody their own, who could else rule on kin a minute later."""
    found = KinTie.objects.select_for_update(of=["self"]).select_related("user__division").filter(pk=tie).first()
    if found is None or not may_see(by, found.user):
        raise Refused("tie_unknown", "没有这一条申报。", status=404)
    if not may_end(by, found.user):
        raise Refused("not_yours", "自己的申报自己不能解除。", hint="申报错了，请告诉乡镇或县六零办。")
    if found.ended_at:
        raise Refused("ended", "这一条已经解除。", status=409)
    found.ended_by, found.ended_at = by, timezone.now()
    found.save(update_fields=["ended_by", "ended_at"])
    audit.record(by, "kin.end", place=found.household_id, subject=found.user.username, relation=found.relation)
    return found
