"""Text that lies encrypted in the database, by the same means and under the same key as phone numbers."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from households.register.phones import decrypt, encrypt


class SealedTextField(models.BinaryField):
    """Plain text in Python, AES-256-GCM in its column; empty text is NULL there.

    It cannot be searched, sorted or compared in the database: a lookup other than `isnull` raises FieldError. Whoever
    needs to find something by it keeps a keyed digest beside it. Raises `households.register.phones.PhoneUnreadable` when read
    under another key.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"null": True, "blank": True}))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return decrypt(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = encrypt(value) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_default(self) -> str:
        return ""

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError("sealed text leaves the database only through the product")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"sealed text cannot be searched ({self.name})")
        return super().get_lookup(lookup_name)
