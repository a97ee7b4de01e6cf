"""Receipts: what the server signs of each answer to an operation, so that 已送达 is never said on anybody else's word.

A receipt says which operation, on which sheet, with what content (its digest), what became of it, and when.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from households.sealing.signing import sign
from scoring.sheets.ops import OpOutcome, Status

HEAD = "dongkou receipt 1"
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of_op(raw: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of an operation as it was sent: its JSON with sorted names and no blanks."""
    return hashlib.sha256(_JSON.encode(dict(raw)).encode("utf-8", "surrogatepass")).hexdigest()


def text_of(*, op_id: str, sheet: str, digest: str, status: str, at: str) -> str:
    """What is signed. `sheet` is month and village, `at` the server's time in UTC."""
    return "\n".join((HEAD, op_id, sheet, digest, status, at))


def receipt(outcome: OpOutcome, raw: Mapping[str, Any], *, month: str, village: str, at: datetime) -> dict[str, Any]:
    """The receipt of one answered operation: shape in `scoring.sheets.serializers.ReceiptSerializer`.

    What was applied and what was there already are the same fact, and say so: taken.
    """
    said = {
        "op_id": str(outcome.op_id),
        "sheet": f"{month} {village}",
        "digest": digest_of_op(raw),
        "status": "taken" if outcome.status in (Status.APPLIED, Status.EXISTS) else outcome.status.value,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    number, signature = sign(text_of(**said))
    return said | {"key": number, "signature": signature}


def answered_item(
    outcome: OpOutcome, raw: Mapping[str, Any], *, done: Mapping[UUID, datetime], month: str, village: str
) -> dict[str, Any]:
    """One answer with its receipt. `done` says when each was answered first; what is held has not been yet."""
    at = done.get(outcome.op_id) or timezone.now()
    return outcome.as_dict() | {"receipt": receipt(outcome, raw, month=month, village=village, at=at)}
