"""Digests keyed with a key that is not in the database: whoever holds the database alone cannot make one.

The key is derived from that of PINs and follow codes, which stays: nothing more has to be kept, and it opens nothing.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.conf import settings

_OF_TRAIL = b"dongkou trail v1"


def mac(text: str) -> bytes:
    """The keyed digest of a text, 32 bytes."""
    key = hmac.digest(settings.CODE_KEY.encode(), _OF_TRAIL, sha256)
    return hmac.digest(key, text.encode(), sha256)


def fits(text: str, found: bytes | memoryview | None) -> bool:
    """Whether this is the keyed digest of the text."""
    return found is not None and hmac.compare_digest(mac(text), bytes(found))


def audit_text(fields: Sequence[Any]) -> str:
    """A line of the audit log as one text, for its keyed digest.

    `fields` are at, actor, role, action, place, subject, detail (as JSON holds it), session, in this order.
    """
    at, *others = fields
    return json.dumps(
        [at.astimezone(UTC).isoformat(), *others], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
