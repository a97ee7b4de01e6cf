"""Fields that forms of every room are made of, and the form whose repetition is harmless."""

from typing import Any

from django import forms

Choices = list[tuple[str, Any]]


_DAY = {"type": "date"}


_TIME = {"type": "time", "step": "300"}


def row_id(text: str) -> int | None:
    """The id of a row that a form or an address names; None for what can be none: a BIGINT has at most 19 digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(_DAY, format="%Y-%m-%d"), **options)


def time_field(label: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(_TIME, format="%H:%M"), **options)


def words_field(label: str, *, most: int, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **options)


class OnceForm(forms.Form):
    """`op_id` makes a repetition harmless."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
