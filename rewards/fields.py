"""Fields of rewards' forms: money in yuan, whole numbers in a range."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rewards.money import MoneyError, parse_yuan, yuan


class YuanField(forms.CharField):
    """An amount in yuan; the form's value is whole fen."""

    def prepare_value(self, value: Any) -> Any:
        return yuan(value).replace(",", "") if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return parse_yuan(text) if text else 0
        except MoneyError as fault:
            raise ValidationError(f"{fault}。") from None


def number_field(label: str, *, required: bool = True, least: int = 0, help_text: str = "") -> forms.IntegerField:
    """A whole number, with the digits' keyboard on a phone."""
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=required, min_value=least, widget=widget, help_text=help_text)
