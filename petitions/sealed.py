"""Titles and names that lie sealed, and the words that stand for an erased one."""

from collections.abc import Sequence
from typing import Any

from households.sealing.fields import FIRST_SIGN
from households.sealing.texts import SealedTextField, UnreadableText

__all__ = ["SealedNameField", "SealedTextField", "UnreadableText"]


class SealedNameField(SealedTextField):
    """A title or a name. The words that stand for an erased one lie in clear, so that the database can hold erasing to them.

    What was kept before it was sealed is read as it is.
    """

    ERASED = ("（内容已清除）", "（已清除）")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        if value and bytes(value)[0] >= FIRST_SIGN:
            return bytes(value).decode()
        return super().from_db_value(value, expression, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        stored = value.encode() if value in self.ERASED else value
        return super().get_db_prep_value(stored, connection, prepared)

    def stored_all(self, texts: Sequence[str]) -> list[bytes | None]:
        sealed = super().stored_all(texts)
        return [text.encode() if text in self.ERASED else one for text, one in zip(texts, sealed, strict=True)]
