"""What the pages of writing many at once send. What is allowed, the actions decide."""

from datetime import date
from typing import Any

from django import forms

from households.codes import Level, is_code
from households.fields import OnceForm, choose, day_field
from households.months import last_day
from scoring.batches.rules import FileEntry
from scoring.models import Clause
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE

MAX_LINES, LONGEST_LIST = 400, 40_000


class ManyForm(OnceForm):
    """One clause for many households: the entry, and whom it is for."""

    clause = forms.ChoiceField(label="条款")
    date = day_field("发生日期")
    document_no = forms.CharField(label="文书号（条款要求的必填）", max_length=MAX_DOCUMENT, required=False)
    note = forms.CharField(
        label="说明（每户都写这一句，可不填）",
        max_length=MAX_NOTE,
        required=False,
        widget=forms.TextInput({"list": "ready-words", "autocomplete": "off"}),
    )
    listed = forms.CharField(
        label="哪些户",
        max_length=LONGEST_LIST,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text="一行一户：姓名、户号、1组12号、户编号都可以；签到表整张粘贴也可以；扫码枪逐块扫户牌也可以。",
    )
    groups = forms.MultipleChoiceField(
        label="整组", required=False, widget=forms.CheckboxSelectMultiple({"class": "form-check-input"})
    )

    def __init__(self, clauses: list[Clause], groups: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *listed])
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = groups

    def clean_listed(self) -> str:
        given: str = self.cleaned_data["listed"]
        if len(given.splitlines()) > MAX_LINES:
            raise forms.ValidationError(f"一次最多 {MAX_LINES} 行，请分几次。")
        return given

    def entries(self, codes: list[str]) -> list[FileEntry]:
        """One for each household."""
        given = self.cleaned_data
        return [FileEntry(code, given["date"], given["clause"], given["document_no"], given["note"]) for code in codes]

    def chosen(self) -> list[str]:
        """The households that were left ticked on the page that showed the effect."""
        raw = self.data.getlist("household") if hasattr(self.data, "getlist") else []
        return [code for code in dict.fromkeys(raw) if is_code(code, Level.HOUSEHOLD)][:1000]


class EntryCorrectForm(OnceForm):
    """One entry as it ought to stand."""

    clause = forms.ChoiceField(label="条款")
    date = day_field("发生日期")
    document_no = forms.CharField(label="文书号（条款要求的必填）", max_length=MAX_DOCUMENT, required=False)
    note = forms.CharField(
        label="说明",
        max_length=MAX_NOTE,
        required=False,
        widget=forms.TextInput({"list": "ready-words", "autocomplete": "off"}),
    )

    def __init__(self, clauses: list[Clause], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *listed])


class PasteForm(OnceForm):
    """Lines copied out of a spreadsheet."""

    rows = forms.CharField(
        label="从表格里复制的几行",
        max_length=LONGEST_LIST,
        widget=forms.Textarea({"rows": 10}),
        help_text="列的次序：户（姓名、户号或户编号）、日期、条款、文书号、说明。后两列可以空着。",
    )


def latest_day(month: str, today: date) -> date:
    """The day to begin with: today, or the month's last one."""
    return min(today, last_day(month))
