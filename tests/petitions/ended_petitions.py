"""Petitions at their end, long ago or lately, for tests about keeping and erasing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from petitions.models import Petition
from petitions.steps import closing, routing
from tests.petitions.desk import Desk
from tests.petitions.filers import papered

SECRETS = ("张三丰", "13800000001", "门前的路断了三个月", "路已经修好", "已派人查看", "谢谢你们", "门前的路")


def days_ago(years: float) -> Any:
    return timezone.now() - timedelta(days=round(years * 366))


def withdrawn(desk: Desk, years: float = 0.1, **more: Any) -> Petition:
    """Withdrawn before anybody said anything about it: no opinion, no record to keep."""
    petition = desk.file(at=days_ago(years), **more)
    return closing.withdraw(op_id=uuid4(), petition=petition, note="不要了", at=petition.filed_at)


def redirected(desk: Desk, years: float = 0.1) -> Petition:
    petition = desk.file(at=days_ago(years))
    given: dict[str, Any] = {"petition": petition, "by": desk.office, "path": "litigation", "told": "请去法院。"}
    return routing.redirect(op_id=uuid4(), at=petition.filed_at, **given)


def answered_and_closed(desk: Desk, years: float = 0.1, **more: Any) -> Petition:
    """With a paper, an opinion and a judgement, closed within days of `years` ago."""
    petition = papered(desk.confirmed(at=days_ago(years), **more))
    last = petition.events.order_by("-seq").first().at
    closing.rate(op_id=uuid4(), petition=petition, by=None, subject="unit", score="fair", comment="谢谢你们", at=last)
    return desk.close(petition, at=last)
