"""What this room keeps about a household."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from households.models import (
    AwaySpell,
    Contact,
    ContactVisit,
    CorrectionRequest,
    Household,
    HouseholdChange,
    Plate,
    PlateDevice,
)
from households.outbox import reads as outbox
from households.own_data.registry import KeptSection
from households.register.looking import looks_at
from households.register.phones import UNREADABLE, PhoneUnreadable, decrypt

_LOOKS = 2_000
_WRITTEN_OVER = {"head_name": "户主", "phone": "电话", "address": "地址"}


def kept(plate: Plate) -> Iterator[KeptSection]:
    """Register, plates, contacts, requests, and who looked."""
    household = plate.household
    yield KeptSection(0, "户籍台账", ("项目", "内容"), _register(household))
    plates = Plate.objects.filter(household=household).order_by("issued_at")
    moments = ("issued_at", "opened_at", "own_pin_at", "failed_at", "revoked_at")
    rows = [tuple(told(each) for each in one) for one in plates.values_list(*moments)]
    yield KeptSection(10, "户牌", ("发牌", "第一次打开", "自己设密码", "最近输错密码", "作废"), rows)
    since = PlateDevice.objects.filter(plate__household=household).order_by("since").values_list("since", flat=True)
    yield KeptSection(11, "记住的手机", ("从什么时候起",), [(told(each),) for each in since])
    yield from _contacts(household)
    yield from _changes(plate)
    asked = CorrectionRequest.objects.filter(household=household).order_by("asked_at")
    answers = [
        (told(one.asked_at), one.asked_words, one.get_state_display(), one.answer_words, told(one.answered_at))
        for one in asked
    ]
    yield KeptSection(80, "更正请求", ("提出", "请求", "结果", "答复", "答复时间"), answers)
    said = [(told(one.at), one.text, one.sms) for one in outbox.of_household(household.pk)]
    yield KeptSection(81, "给您家的消息", ("时间", "内容", "短信"), said)
    wanted = "要" if outbox.wants_sms(household.pk) else "不要"
    yield KeptSection(82, "短信", ("项目", "内容"), [("要不要短信", wanted)])
    looks = [(told(one.day), one.post, one.what, str(one.times)) for one in looks_at(household.pk, most=_LOOKS)]
    yield KeptSection(90, "谁看过", ("日期", "谁", "做了什么", "次数"), looks)


def _contacts(household: Household) -> Iterator[KeptSection]:
    contacts = Contact.objects.filter(household=household).select_related("person").order_by("valid_from", "pk")
    rows = [(one.get_kind_display(), one.person.name, told(one.valid_from), told(one.valid_to)) for one in contacts]
    yield KeptSection(15, "联系人", ("类型", "谁", "起始日期", "截止日期"), rows)
    visits = ContactVisit.objects.filter(household=household).order_by("day", "pk")
    called = [(told(one.day), one.get_outcome_display(), one.note, told(one.withdrawn_at)) for one in visits]
    yield KeptSection(16, "走访", ("日期", "情况", "备注", "撤回"), called)


def _changes(plate: Plate) -> Iterator[KeptSection]:
    """Words of a change are the household's whom it befell, as long as it is the one that chose this plate's PIN."""
    code = plate.household_id
    changes = HouseholdChange.objects.filter(Q(household=code) | Q(other=code)).order_by("pk")
    rows = [
        (told(one.day), told(one.counts_from), one.get_kind_display(), one.get_reason_display(), *_words(one, plate))
        for one in changes
    ]
    yield KeptSection(12, "户籍变更", ("发生日期", "从何时起计", "事项", "原因", "说明", "改前"), rows)
    away = AwaySpell.objects.filter(household=code).order_by("since", "pk")
    yield KeptSection(13, "外出", ("外出日期", "返回日期"), [(told(one.since), told(one.until)) for one in away])


def _words(change: HouseholdChange, plate: Plate) -> tuple[str, str]:
    if change.household_id != plate.household_id or not plate.own_pin_at or change.at < plate.own_pin_at:
        return "", ""
    before = json.loads(change.before) if change.before else {}
    written = "、".join(f"{_WRITTEN_OVER[name]}：{value or '没有登记'}" for name, value in before.items())
    return bytes(change.note).decode() if change.note else "", written


def _register(household: Household) -> list[tuple[str, ...]]:
    village = household.group.parent
    return [
        ("户编号", household.pk),
        ("户主", household.head_name),
        ("电话", _phone(household)),
        ("地址", household.address),
        ("村组", f"{village.name if village else ''}{household.group.name}"),
        ("启用日期", told(household.valid_from)),
        ("停用日期", told(household.valid_to)),
        ("承包方代码", household.land_contractor_code),
    ]


def _phone(household: Household) -> str:
    try:
        return decrypt(household.phone)
    except PhoneUnreadable:
        return UNREADABLE


def told(moment: datetime | date | None) -> str:
    """2026-11-29 08:30, a day without an hour, or nothing."""
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d}" if moment else ""
