"""Digests keyed with a key that is not in the database: whoever holds the database alone cannot make one.

The key is derived from that of PINs and follow codes, which stays: nothing more has to be kept, and it opens nothing.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any

from django.conf import settings

_OF_TRAIL = b"dongkou trail v1"
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mac(text: str) -> bytes:
    """The keyed digest of a text, 32 bytes."""
    return hmac.digest(_derived(settings.CODE_KEY), text.encode(), "sha256")


@lru_cache(maxsize=4)
def _derived(code_key: str) -> bytes:
    return hmac.digest(code_key.encode(), _OF_TRAIL, "sha256")


def fits(text: str, found: bytes | memoryview | None) -> bool:
    """Whether this is the keyed digest of the text."""
    return found is not None and hmac.compare_digest(mac(text), bytes(found))


def audit_text(fields: Sequence[Any]) -> str:
    """A line of the audit log as one text, for its keyed digest.

    `fields` are at, actor, role, action, place, subject, detail (as JSON holds it), session, in this order.
    """
    at, *others = fields
    return _JSON.encode([at.astimezone(UTC).isoformat(), *others])
