"""Showing a full telephone number or name: never without a reason, and always written down where the household can read it."""

from collections.abc import Sequence

from django.db import transaction

from households import audit
from households.models import Household, User
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import allowance
from households.register.phones import PhoneUnreadable, decrypt

ACTION = "household.unmask"
NAMED = "household.name"


@transaction.atomic
def unmask(*, household: Household, reason: str, by: User) -> str:
    """The household's telephone number in full. The audit line keeps who, when and why, never the number."""
    if not may(by, Permission.UNMASK, at=household.code):
        raise Refused("not_yours", "您不能查看这一户的完整电话。", status=403)
    _check_reason(reason)
    return tell_phone(household=household, reason=reason, by=by)


@transaction.atomic
def tell_phone(*, household: Household, reason: str, by: User) -> str:
    """The number to somebody of whom the caller has made sure that it is for them; counted and logged as every look is."""
    allowance.spend(by, 1)
    try:
        phone = decrypt(household.phone)
    except PhoneUnreadable:
        hint = "它是用另一把密钥存的。请重新登记，或者请系统管理员核对密钥。"
        raise Refused("phone_unreadable", "这一户的电话读不出。", hint=hint, status=409) from None
    if not phone:
        raise Refused("no_phone", "这一户没有登记电话。")
    audit.record(by, ACTION, place=household.code, reason=reason.strip())
    return phone


@transaction.atomic
def name_in_full(*, households: Sequence[Household], reason: str, by: User) -> list[str]:
    """The names of the heads in full, in order. One audit line for each keeps who, when and why, never the name."""
    if not all(may(by, Permission.NAME_HOUSEHOLDS, at=household.code) for household in households):
        raise Refused("not_yours", "您不能查看这一户的姓名。", status=403)
    _check_reason(reason)
    allowance.spend(by, len(households))
    audit.record_all([audit.line(by, NAMED, place=each.code, reason=reason.strip()) for each in households])
    return [household.head_name for household in households]


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            "reason_missing", "请写明为什么要看。", hint="这一户能看到您写的原因。", fields={"reason": "必填"}
        )
