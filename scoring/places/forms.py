"""What the page of a township's or county's own entries sends."""

from typing import Any

from django import forms

from households.fields import OnceForm, choose, day_field, reason_field
from scoring.models import Clause
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE


class PlaceEntryForm(OnceForm):
    """One entry against the place itself."""

    clause = forms.ChoiceField(label="条款")
    date = day_field("发生日期")
    document_no = forms.CharField(label="文书号（条款要求的必填）", max_length=MAX_DOCUMENT, required=False)
    note = forms.CharField(label="说明（可不填）", max_length=MAX_NOTE, required=False)
    again = forms.BooleanField(label="同一天已经登记过同样的一条，这是又一次", required=False)

    def __init__(self, clauses: list[Clause], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *listed])


class PlaceWithdrawForm(OnceForm):
    """Why one is taken back."""

    reason = reason_field("撤回的原因")
