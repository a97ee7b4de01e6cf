"""What is keyed in from a paper: a few rows, empty ones left out."""

from typing import Any

from django import forms

from households.fields import OnceForm, choose
from households.models import User
from households.months import first_day
from scoring.batches.reads import VillagePeople, lines_meant
from scoring.models import Clause
from scoring.papers.rules import PaperRow
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE

ROWS = 12


class PaperRowForm(forms.Form):
    """One line of the paper; without a household it is empty."""

    whom = forms.CharField(label="户（户号或姓名）", max_length=40, required=False)
    clause = forms.ChoiceField(label="条款", required=False)
    day = forms.IntegerField(
        label="几号", min_value=1, max_value=31, required=False, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    document_no = forms.CharField(label="文书号", max_length=MAX_DOCUMENT, required=False)
    note = forms.CharField(label="说明", max_length=MAX_NOTE, required=False)

    def __init__(self, *args: Any, clauses: list[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(clause.code, f"{clause.code} {clause.text}") for clause in clauses]
        choose(self, "clause", [("", "请选择"), *listed])
        for name in ("whom", "document_no", "note"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("whom") and not (given.get("clause") and given.get("day")):
            raise forms.ValidationError("这一行请写全：户、条款、几号。")
        if not given.get("whom") and any(given.get(name) for name in ("clause", "day", "document_no", "note")):
            raise forms.ValidationError("这一行没有写是哪一户。")
        return given

    def row(self, month: str, people: VillagePeople, by: User) -> PaperRow | None:
        """What it says; None for an empty line. A fault beside the line that cannot be understood."""
        given = self.cleaned_data
        if not given.get("whom"):
            return None
        [meant] = lines_meant(given["whom"], people, by)
        try:
            day = first_day(month).replace(day=given["day"]).isoformat()
        except ValueError:
            self.add_error("day", "这个月没有这一天。")
            return None
        if not meant.code:
            self.add_error("whom", "像好几户，请写户号。" if meant.codes else "本组没有这一户。")
            return None
        return meant.code, day, given["clause"], given["document_no"], given["note"]


class PaperPhotoForm(OnceForm):
    """The photo, of whoever keys it in first."""

    photo = forms.FileField(
        label="纸质台账的照片", widget=forms.FileInput({"accept": "image/*", "capture": "environment"})
    )
