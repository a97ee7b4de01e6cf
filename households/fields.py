"""Fields that forms of every room are made of, and the form whose repetition is harmless."""

from collections.abc import Iterable
from typing import Any

from django import forms

Choices = list[tuple[str, Any]]
_DAY = {"type": "date"}
_TIME = {"type": "time", "step": "300"}


def row_id(text: str) -> int | None:
    """The id of a row that a form or an address names; None for what can be none: a BIGINT has at most 19 digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def asked_within(text: str, least: int, most: int) -> int | None:
    """The number that an address asks for, in plain digits, `least` to `most`; None for anything else, however long.

    What decides how much is made is read here: a part of a number is never checked in place of the whole.
    """
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if plain and least <= int(text) <= most else None


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(_DAY, format="%Y-%m-%d"), **options)


def time_field(label: str, **options: Any) -> forms.TimeField:
    """A time of day in steps of five minutes."""
    return forms.TimeField(label=label, widget=forms.TimeInput(_TIME, format="%H:%M"), **options)


def words_field(label: str, *, most: int, rows: int = 3, **options: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **options)


def reason_field(label: str = "原因", **options: Any) -> forms.CharField:
    """Why something is done, in one line."""
    return forms.CharField(label=label, max_length=200, **options)


def number_field(label: str, *, least: int | None = 0, most: int | None = None, **options: Any) -> forms.IntegerField:
    """A whole number, with the digits' keyboard on a phone."""
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **options)


def choose(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Offer these choices in the form's field `name`."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def faults_of(form: forms.BaseForm) -> dict[str, str]:
    """What a refusal says of a form that its page does not show again: each field by its label, and what is wrong with it."""
    shown = {name: words for name, words in form.errors.items() if name in form.fields and not form[name].is_hidden}
    return {name: f"{form[name].label}：{''.join(map(str, words))}" for name, words in shown.items()}


class OnceForm(forms.Form):
    """`op_id` makes a repetition harmless."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
