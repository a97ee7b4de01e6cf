"""Text that lies encrypted in the database, by the same means and under the same key as phone numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from households.sealing.sealing import Unreadable, seal, seal_all, unseal
from households.words.signs import UNREADABLE


class UnreadableText(str):
    """Stands for a text that does not open under the present key: one of them must not take a list or a page down.

    It keeps the form that was stored, and whoever writes it back writes that one: nothing is lost before the key is found.
    """

    sealed: bytes

    def __new__(cls, sealed: bytes | memoryview) -> "UnreadableText":
        found = super().__new__(cls, UNREADABLE)
        found.sealed = bytes(sealed)
        return found

    def __getnewargs__(self) -> tuple[bytes]:  # type: ignore[override]
        return (self.sealed,)


def unsealed(stored: str | None) -> str:
    """The text behind a stored form that a statement of our own gave as hexadecimal digits; empty for none."""
    try:
        return unseal(bytes.fromhex(stored)).decode() if stored else ""
    except Unreadable:
        return UNREADABLE


class SealedTextField(models.BinaryField):
    """Plain text in Python, AES-256-GCM in its column; empty text is NULL there.

    It cannot be searched, sorted or compared in the database: a lookup other than `isnull` raises FieldError. Whoever
    needs to find something by it keeps a keyed digest beside it. What was sealed under another key is an `UnreadableText`.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"null": True, "blank": True}))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        try:
            return "" if value is None else unseal(value).decode()
        except Unreadable:
            return UnreadableText(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = (seal(value.encode()) if value else None) if isinstance(value, str) else value
        if isinstance(value, UnreadableText):
            sealed = value.sealed
        return super().get_db_prep_value(sealed, connection, prepared)

    def stored_all(self, texts: Sequence[str]) -> list[bytes | None]:
        """What the column holds of many fresh texts, in order."""
        return seal_all(text.encode() for text in texts)

    def get_default(self) -> str:
        return ""

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError("sealed text leaves the database only through the product")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"sealed text cannot be searched ({self.name})")
        return super().get_lookup(lookup_name)
