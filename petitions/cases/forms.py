"""Who shall look after a case."""

from typing import Any

from django import forms

from households.fields import Choices, OnceForm, choose, words_field
from petitions.choices import INSIDE
from petitions.models.events import MAX_TOLD


class OwnerForm(OnceForm):
    owner = forms.ChoiceField(label="包案负责人", required=False)
    note = words_field("理由", most=MAX_TOLD, rows=2, help_text=INSIDE)

    def __init__(self, owners: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "owner", [("", "不再包案"), *owners])
