"""Forms of the filer's own page."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from households.fields import OnceForm
from petitions.filing.forms import FilesField
from petitions.models import Score


class FollowForm(forms.Form):
    """Number and code from the receipt."""

    number = forms.CharField(
        label="编号",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "placeholder": "430525-2026-000123"}),
        help_text="16 个数字，中间的横线可以不输。",
    )
    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
        help_text="回执上的 10 个字母和数字，大小写、中间有没有空格都行。",
    )


@dataclass(frozen=True, slots=True)
class FilerWords:
    """What a filer sends with a step."""

    op_id: UUID
    note: str
    files: list[UploadedFile]


class FilerForm(OnceForm):
    """One step of the filer; the id makes a second tap harmless."""

    note = forms.CharField(max_length=2000, required=False)
    files = FilesField()  # type: ignore[assignment]  # a field: the form's class takes it off itself

    def words(self) -> FilerWords:
        """The form as it was filled in."""
        return FilerWords(**self.cleaned_data)


class RateForm(OnceForm):
    """Their judgement of office and unit apart."""

    office = forms.ChoiceField(choices=[("", ""), *Score.choices], required=False)
    unit = forms.ChoiceField(choices=[("", ""), *Score.choices], required=False)
    note = forms.CharField(max_length=500, required=False)
