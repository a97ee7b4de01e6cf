"""The form that takes a file, with what its kind asks besides."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from households.fields import day_field
from households.files.bounds import COUNTY
from households.files.uploads import is_too_large
from households.imports.kinds import ImportKind
from households.models import BorderReason
from households.models.borders import MAX_DOCUMENT

SINCE = [
    ("", "从本月 1 日起在册"),
    ("ever", "一直在册（以前的月份也算）"),
    ("day", "从下面这一天起在册"),
]


class OrderFields(forms.Form):
    """What an order that changes places asks besides its lines."""

    day = day_field("生效日期")
    reason = forms.ChoiceField(label="原因", choices=BorderReason.choices)
    document_no = forms.CharField(label="批复、文件的文号", max_length=MAX_DOCUMENT, required=False)
    release = forms.BooleanField(label="换编号的户在积分超市有预订没领的，一并取消预订", required=False)

    @property
    def said(self) -> dict[str, Any]:
        """As the run keeps it."""
        given = self.cleaned_data
        day = given.get("day")
        kept = {name: given.get(name) for name in ("reason", "document_no", "release")}
        return kept | {"day": day.isoformat() if day else None}


OF_ORDER = tuple(OrderFields.base_fields)


class HandInForm(OrderFields):
    """A CSV or xlsx file."""

    field_order = ("file", "month", "since", "valid_from", "accept_changes", *OF_ORDER, "again")
    file = forms.FileField(
        label="文件（xlsx 或 CSV，最大 60 MB、40 万行）", widget=forms.FileInput({"accept": ".csv,.xlsx"})
    )
    since = forms.ChoiceField(
        label="新增的从什么时候起算",
        choices=SINCE,
        required=False,
        help_text="还没有开过月的县，不另选就是一直在册。",
    )
    valid_from = day_field("哪一天", required=False)
    accept_changes = forms.BooleanField(label="一个地方大多数名字都变了：已经核对过，确实要改", required=False)
    month = forms.RegexField(
        label="哪个月", regex=r"^[0-9]{4}-[0-9]{2}$", widget=forms.TextInput({"placeholder": "2026-10"})
    )
    again = forms.BooleanField(label="同一天、同一条款、同一文书号的，确实又发生了一次", required=False)

    def __init__(self, kind: ImportKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "since" not in kind.asks:
            del self.fields["since"], self.fields["valid_from"]
        for name in ("accept_changes", "month", "again"):
            if name not in kind.asks:
                del self.fields[name]
        if "order" not in kind.asks:
            for name in OF_ORDER:
                del self.fields[name]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if is_too_large(upload, COUNTY.size):
            raise ValidationError("文件太大，请分成几个文件，例如一个乡镇一个。")
        return upload

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("since") == "day" and not given.get("valid_from") and "valid_from" not in self.errors:
            self.add_error("valid_from", "请填写哪一天。")
        return given

    @property
    def options(self) -> dict[str, Any]:
        """What was said besides the file, as the run keeps it."""
        given = self.cleaned_data
        day = given.get("valid_from") if given.get("since") == "day" else None
        said = {name: given.get(name) for name in ("accept_changes", "again", "month")}
        said |= self.said | {"since_ever": given.get("since") == "ever", "valid_from": day.isoformat() if day else None}
        return {name: value for name, value in said.items() if value}
