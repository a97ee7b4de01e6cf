"""Showing where a line came from: never without a reason, and always written down."""

from django.db import transaction

from households import audit
from households.models import AuditEvent, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.sealing.sealing import Unreadable, unseal

ACTION = "audit.unmask"


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
