"""The petition office keeps the ready-made words of its county."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from petitions.letters.replies import SHIPPED, check, found
from petitions.models import ReplyTemplate


def keep_template(*, op_id: UUID, by: User, action: str, name: str, text: str, key: str = "") -> ReplyTemplate:
    """Write a new template, or change the one named `key`: an own one in place, a shipped one by a row that stands for it.

    Refused 422 for a text with unknown gaps, 409 for a name that is taken, 404 for a key that is not offered.
    """
    county, name, text = _county(by), name.strip(), text.strip()
    check(action, name, text)

    def act() -> Answer:
        row = _row(county, key)
        row.action, row.name, row.text, row.changed_at, row.changed_by = action, name, text, timezone.now(), by
        _save(row)
        audit.record(by, "petition.template", place=county, subject=f"template {row.pk}", kind=action)
        return {"template": row.pk}

    payload = [action, name, text, key]
    answer = once(op_id=op_id, by=by, kind="petition.template", payload=payload, act=act)
    return ReplyTemplate.objects.get(pk=answer["template"])


def retire_template(*, op_id: UUID, by: User, key: str) -> None:
    """Take a template away; a shipped one as well. What was told with its help stays told."""
    county = _county(by)

    def act() -> Answer:
        row = _row(county, key)
        if row.pk is None:
            shipped = next(one for one in SHIPPED if one.key == key)
            row.action, row.name, row.text = shipped.action, shipped.name, shipped.text
        row.changed_at, row.changed_by, row.retired_at = timezone.now(), by, timezone.now()
        _save(row)
        audit.record(by, "petition.template_retire", place=county, subject=f"template {row.pk}", kind=row.action)
        return {"template": row.pk}

    once(op_id=op_id, by=by, kind="petition.template_retire", payload=[key], act=act)


def _county(by: User) -> str:
    if not may(by, Permission.ROUTE_PETITIONS) or not by.division_id:
        raise Refused("not_yours", "答复模板由信访局维护。", status=403)
    return by.division_id


def _row(county: str, key: str) -> ReplyTemplate:
    """The row to write: a fresh one for a new template or for a shipped one that was not changed before."""
    if not key:
        return ReplyTemplate(county=county)
    known = found(county, key)
    if known is None:
        raise Refused("not_found", "没有找到这个模板。", hint="它可能已经停用。", status=404)
    return known.row or ReplyTemplate(county=county, shipped=key)


def _save(row: ReplyTemplate) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        if "template_named_once" not in str(fault):
            raise
        raise Refused(
            "name_taken", "这一步已经有同名的模板。", hint="请换一个名称。", fields={"name": "重名"}, status=409
        ) from fault
