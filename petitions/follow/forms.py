"""Forms of the filer's own page."""

from django import forms

from petitions.filing.forms import MISSING, FilesField
from petitions.models import Score


class FollowForm(forms.Form):
    """Number and code from the receipt."""

    number = forms.CharField(
        label="编号",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "430525-2026-000123"}),
        error_messages=MISSING,
    )
    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
        help_text="回执上的 10 个字母和数字，大小写都行。",
        error_messages=MISSING,
    )


class FilerForm(forms.Form):
    """One step of the filer; the id makes a second tap harmless."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(max_length=2000, required=False)
    files = FilesField()  # type: ignore[assignment]  # a field: the form's class takes it off itself


class RateForm(forms.Form):
    """Their judgement of office and unit apart."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    office = forms.ChoiceField(choices=[("", ""), *Score.choices], required=False)
    unit = forms.ChoiceField(choices=[("", ""), *Score.choices], required=False)
    note = forms.CharField(max_length=500, required=False)
