"""The filter above the audit log."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from households.audit_log.words import grouped_actions
from households.fields import day_field, reason_field

_SENSIBLE = [
    MinValueValidator(date(2000, 1, 1), "年份应在 2000 到 2999 之间。"),
    MaxValueValidator(date(2999, 12, 31), "年份应在 2000 到 2999 之间。"),
]


class AddressForm(forms.Form):
    """Why the auditor wants to know where a line came from."""

    reason = reason_field("为什么要看")


class AuditFilterForm(forms.Form):
    actor = forms.CharField(label="操作人姓名或账号", max_length=50, required=False)
    action = forms.ChoiceField(label="动作", choices=lambda: [("", "全部动作"), *grouped_actions()], required=False)
    place = forms.RegexField(
        r"^[0-9]{1,18}$",
        label="地点代码",
        max_length=18,
        required=False,
        error_messages={"invalid": "代码只能是数字，例如 430525101。"},
    )
    since = day_field("从哪天", required=False, validators=_SENSIBLE)
    until = day_field("到哪天", required=False, validators=_SENSIBLE)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            raise ValidationError({"until": "结束的日子不能早于开始的日子。"})
        return given
