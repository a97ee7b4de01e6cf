"""What a reviewer's page sends."""

from typing import Any

from django import forms

from households.codes import Level, is_code
from households.fields import OnceForm, reason_field, row_id
from scoring.models import Decision
from scoring.reviews.actions.reviewing import DrawnFinding

MAX_OPENED = 20_000  # more exceptions than a village of thousands could have
LOOK = "look"  # written down, and decided later
FOUND, NOTE = "found-", "note-"  # the names of fields of a drawn household, before its code
DECISIONS = [(one.value, one.label) for one in (Decision.APPROVE, Decision.RETURN)]


class ReviewDecisionForm(OnceForm):
    """One decision: its id, the version of the sheet on the page, what was opened, and what was found at drawn households."""

    seen_version = forms.IntegerField(min_value=0)
    decision = forms.ChoiceField(label="决定", choices=[*DECISIONS, (LOOK, "先记下")])
    reason = forms.CharField(label="退回的原因", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Adds `opened`, a list of event ids, and `households`; what was not made by the page is left out."""
        cleaned: dict[str, Any] = super().clean() or {}
        raw = self.data.getlist("opened")[:MAX_OPENED] if hasattr(self.data, "getlist") else []
        cleaned["opened"] = [number for text in raw if (number := row_id(text)) is not None]
        cleaned["households"] = self._households()
        return cleaned

    def _households(self) -> dict[str, DrawnFinding]:
        codes = [name.removeprefix(FOUND) for name in self.data if name.startswith(FOUND)]
        given = {code: self.data.get(FOUND + code, "") for code in codes if is_code(code, Level.HOUSEHOLD)}
        return {code: DrawnFinding(found, self.data.get(NOTE + code, "")) for code, found in given.items() if found}


class ReviewAgainForm(OnceForm):
    """Have it reviewed again."""

    reason = reason_field("退回审核的原因，乡镇会看到")
