"""What the pages of adjustments send. The rules themselves are in `scoring.restatements.actions`."""

from typing import Any

from django import forms

from households.fields import OnceForm, choose, day_field, words_field
from scoring.models import Clause
from scoring.reasons import CHOICES, PublicReason
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE

INTERNAL = "只给申请和审批的人看，不公开。"


class PlaceForm(forms.Form):
    """Whose month is wrong."""

    month = forms.RegexField(
        label="月份", regex=r"^[0-9]{4}-[0-9]{2}$", widget=forms.TextInput({"placeholder": "2026-10"})
    )
    code = forms.RegexField(regex=r"^([0-9]{12}|[0-9]{14}|[0-9]{18})$", widget=forms.HiddenInput)


class FindPlaceForm(PlaceForm):
    """The same, while the place is still looked for."""

    code = None  # type: ignore[assignment]  # the search stands in its place
    words = forms.CharField(
        label="哪一户、哪个组或村",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="户主姓名、姓名的拼音首字母、户号后几位，或者云峰村、云峰村第2组。",
    )


def public_reason_field() -> forms.ChoiceField:
    """What everybody may read instead of the reason that is written."""
    hint = "写进排名存档、积分明细和得分说明，大家都能看到。"
    return forms.ChoiceField(
        label="公开的原因", choices=CHOICES, initial=PublicReason.REVIEWED, help_text=hint, required=False
    )


class EventWithdrawForm(OnceForm):
    """Take one event back."""

    withdraw = forms.IntegerField(min_value=1, label="撤回哪一条")
    public_reason = public_reason_field()
    reason = words_field("具体为什么撤回", rows=2, most=MAX_NOTE, help_text=INTERNAL)


class AddForm(OnceForm):
    """Add one event."""

    clause = forms.ChoiceField(label="条款")
    date = day_field("发生日期")
    document_no = forms.CharField(
        label="文书号", max_length=MAX_DOCUMENT, required=False, help_text="条款要求文书的，必须填写。"
    )
    note = forms.CharField(label="说明", max_length=MAX_NOTE, required=False)
    again = forms.BooleanField(label="同一天已经登记过同样的一条，这是又一次", required=False)
    public_reason = public_reason_field()
    reason = words_field("具体为什么补记", rows=2, most=MAX_NOTE, help_text=INTERNAL)

    def __init__(self, clauses: list[Clause], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *choices])


class RefusalForm(OnceForm):
    """Refuse a request."""

    reason = words_field("不同意的原因，乡镇会看到；因异议提出的，本户也看得到", rows=2, most=MAX_NOTE)
