"""What a reviewer's page sends."""

from typing import Any

from django import forms

from households.fields import OnceForm, row_id
from scoring.models import Decision

MAX_OPENED = 20_000  # more exceptions than a village of thousands could have


class ReviewDecisionForm(OnceForm):
    """One decision: its id, the version of the sheet on the page, the exceptions that were opened."""

    seen_version = forms.IntegerField(min_value=0)
    decision = forms.ChoiceField(label="决定", choices=Decision.choices)
    reason = forms.CharField(label="退回的原因", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Adds `opened`, a list of event ids; what is no number was not made by the page and is left out."""
        cleaned: dict[str, Any] = super().clean() or {}
        raw = self.data.getlist("opened")[:MAX_OPENED] if hasattr(self.data, "getlist") else []
        cleaned["opened"] = [number for text in raw if (number := row_id(text)) is not None]
        return cleaned
