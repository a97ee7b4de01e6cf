"""Money in yuan as a field of rewards' forms."""

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


def yuan_field(label: str, **options: Any) -> YuanField:
    """An amount in yuan with the digits' keyboard on a phone."""
    return YuanField(label=f"{label}（元）", max_length=20, widget=forms.TextInput({"inputmode": "decimal"}), **options)
