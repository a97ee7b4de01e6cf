"""A refusal: something a user asked for that the rules do not allow, told in their own words."""

from collections.abc import Mapping
from typing import Any

FAULTS = "faults_without_a_form"  # attribute of a request: what is wrong with fields that its page has not marked


class Refused(Exception):
    """An action was refused and nothing was written.

    `code` is stable and for machines, `reason` is a Chinese sentence, `hint` says what would make it possible,
    `fields` maps a field's name to what is wrong with it, `status` is the HTTP answer (409 when someone else won).
    """

    def __init__(
        self, code: str, reason: str, *, hint: str = "", fields: Mapping[str, str] | None = None, status: int = 422
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.hint = hint
        self.fields = dict(fields or {})
        self.status = status

    @property
    def details(self) -> list[str]:
        """What the fields say besides the reason: what it says already is not said twice."""
        return [fault for fault in dict.fromkeys(self.fields.values()) if fault not in self.reason]

    @property
    def sentence(self) -> str:
        """Reason and way out, as one Chinese text."""
        return f"{self.reason}{self.hint}"

    def say_in(self, form: Any, *, otherwise: str = "") -> None:
        """In a Django form: beside the field that it names, else beside `otherwise`, else above the form: where the form has it."""
        names = (*self.fields, otherwise)
        form.add_error(next((name for name in names if name in form.fields), None), self.sentence)
