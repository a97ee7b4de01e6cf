"""Forms of departments and what they answer for."""

import re

from django import forms
from django.core.exceptions import ValidationError

from households.fields import OnceForm, number_field
from households.imports.cells import MAX_WEIGHT
from households.models.people import MAX_LEADER
from households.months import MonthError, parse_month

_MONTH = forms.TextInput({"type": "month", "placeholder": "2026-10"})


class DepartmentForm(forms.Form):
    """A department's code and name."""

    department = forms.RegexField(  # not `code`: what was typed under that name is a secret, and kept for nobody
        re.compile(r"[0-9A-Za-z_-]{1,20}"), label="代码", error_messages={"invalid": "代码是 1 到 20 个字母或数字。"}
    )
    name = forms.CharField(label="名称", max_length=60)


class LinkageForm(OnceForm):
    """From a month on, with a weight; 0 ends it."""

    place = forms.CharField(label="村或乡镇", max_length=60, help_text="写名称，例如 石江镇云峰村，或写代码。")
    weight = number_field("权重", least=0, most=MAX_WEIGHT, help_text="整数，平常写 1；写 0 就是从这个月起不再联系。")
    from_month = forms.CharField(label="从哪个月起", widget=_MONTH)
    to_month = forms.CharField(label="到哪个月止（含）", widget=_MONTH, required=False, help_text="没有就空着。")
    leader = forms.CharField(
        label="联系领导", max_length=MAX_LEADER, required=False, help_text="联乡联村的县领导，姓名和职务。"
    )

    def clean_from_month(self) -> str:
        return _month(self.cleaned_data["from_month"])

    def clean_to_month(self) -> str:
        return _month(self.cleaned_data["to_month"]) if self.cleaned_data["to_month"] else ""


def _month(text: str) -> str:
    try:
        return parse_month(text)
    except MonthError as fault:
        raise ValidationError(str(fault)) from fault
