"""Columns of bytes that lie sealed."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from households.sealing.sealing import seal, unseal

FIRST_SIGN = 32  # a text or a picture begins with one beyond; what is sealed begins with the number of its key


class SealedBytesField(models.BinaryField):
    """Bytes in Python, AES-256-GCM in the column. What was kept before it was sealed is read as it is.

    It cannot be searched in the database. Reading raises Unreadable for what no key here opens.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: bytes
        _pyi_private_get_type: bytes

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        if value is None:
            return None
        stored = bytes(value)
        return stored if stored and stored[0] >= FIRST_SIGN else unseal(stored)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(None if value is None else seal(bytes(value)), connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"sealed bytes cannot be searched ({self.name})")
        return super().get_lookup(lookup_name)
