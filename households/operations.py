"""Writes that may be sent twice: the client makes an id, and the same id gets the same answer."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from households.models import Operation, User
from households.refusals import Refused

Answer = dict[str, Any]


def digest_of(payload: object) -> str:
    """SHA-256 of the payload, so that an id reused for something else is noticed."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()


def answered(op_ids: Iterable[UUID]) -> dict[UUID, Operation]:
    """The operations among `op_ids` that were answered before."""
    return Operation.objects.in_bulk(list(op_ids))


def check_same(known: Operation, *, by: User | None, kind: str, payload: object) -> None:
    """Refuse an id that was used by another person or for another request."""
    if known.actor != actor_of(by) or known.kind != kind or known.digest != digest_of(payload):
        raise Refused("op_id_reused", "这个操作编号已用于另一项操作。", hint="请换一个新的编号再提交。", status=409)


def actor_of(by: User | None) -> str:
    return by.username if by else "operator"


def once(*, op_id: UUID, by: User | None, kind: str, payload: object, act: Callable[[], Answer]) -> Answer:
    """Run `act` once for `op_id` and give its answer again to every repetition.

    A refusal is an answer too: it is kept, and raised again for the same id. Two requests at once with one id:
    the second waits for the first and gets its answer.
    """
    refused: Refused | None = None
    with transaction.atomic():
        mine = Operation(op_id=op_id, actor=actor_of(by), kind=kind, digest=digest_of(payload))
        Operation.objects.bulk_create([mine], ignore_conflicts=True)
        known = Operation.objects.select_for_update().get(op_id=op_id)
        check_same(known, by=by, kind=kind, payload=payload)
        if known.answer:
            return replay(known.answer)
        try:
            with transaction.atomic():
                answer = act()
        except Refused as exc:
            refused = exc
            answer = {"refused": _kept(exc)}
        Operation.objects.filter(op_id=op_id).update(answer=answer)
    if refused:
        raise refused
    return answer


def replay(answer: Answer) -> Answer:
    """A stored answer, raised again when it was a refusal."""
    if "refused" in answer:
        kept = answer["refused"]
        raise Refused(kept["code"], kept["reason"], hint=kept["hint"], fields=kept.get("fields"), status=kept["status"])
    return answer


def _kept(exc: Refused) -> Answer:
    return {
        "code": exc.code,
        "reason": exc.reason,
        "hint": exc.hint,
        "fields": exc.fields,
        "status": exc.status,
    }
