"""Showing where a line came from, and taking lines away in a file: always written down."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from households import audit
from households.models import AuditEvent, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.sealing.sealing import Unreadable, unseal

ACTION = "audit.unmask"
MAX_LINES = 50_000  # lines of one file


@transaction.atomic
def show_address(*, line: AuditEvent, reason: str, by: User) -> str:
    """The network address a line came from. The log keeps who looked, at which line and why, never the address."""
    if not may(by, Permission.READ_AUDIT):
        raise Refused("not_yours", "您不能查看来源地址。", status=403)
    if not reason.strip():
        raise Refused("no_reason", "请写明原因。", fields={"reason": "必填"})
    if line.address is None:
        raise Refused("no_address", "这一条没有来源地址：它来自命令行、定时任务，或者那时还没有记录。")
    try:
        address = unseal(line.address).decode()
    except Unreadable:
        hint = "它是用另一把密钥存的，请系统管理员核对密钥。"
        raise Refused("address_unreadable", "这一条的来源地址读不出。", hint=hint, status=409) from None
    audit.record(by, ACTION, place=line.place, subject=line.pk, reason=reason.strip())
    return address or "未知"


@transaction.atomic
def take_away(*, lines: "QuerySet[AuditEvent]", asked: Mapping[str, Any], form: str, by: User) -> list[AuditEvent]:
    """The lines for a file. The log keeps that they were taken, by which filter and how many; refused when there are too many."""
    if not may(by, Permission.READ_AUDIT):
        raise Refused("not_yours", "您不能导出审计记录。", status=403)
    taken = list(lines[: MAX_LINES + 1])
    if len(taken) > MAX_LINES:
        raise Refused("too_many", f"一次最多导出 {MAX_LINES} 条。", hint="请按日子或地点分几次导。")
    given = {"act": asked.get("action"), "since": asked.get("since"), "until": asked.get("until")}
    about = {key: str(value) for key, value in given.items() if value}
    place, person = asked.get("place") or "", asked.get("actor") or ""
    audit.record(by, "audit.export", place=place, subject=person, form=form, lines=len(taken), **about)
    return taken
