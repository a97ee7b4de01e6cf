"""How values lie in the cache: as JSON, or as the bytes they are. Nothing read from there can run anything."""

import json

_BYTES = b"b"  # no JSON begins with it

Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None


class PlainSerializer:
    """What Django's cache calls. Whole numbers lie as their digits, so that the server can count with them."""

    def dumps(self, value: Plain | bytes) -> bytes:
        """TypeError for anything that JSON has no form for: whoever keeps an object says how it is written."""
        return _BYTES + value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()

    def loads(self, stored: bytes) -> Plain | bytes:
        """ValueError for what was not written here."""
        if stored[:1] == _BYTES:
            return stored[1:]
        found: Plain = json.loads(stored)
        return found
