"""Writes that may be sent twice: the client makes an id, and the same id gets the same answer."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from households.models import Operation, User
from households.refusals import Refused
from households.sql import column, run

Answer = dict[str, Any]


def digest_of(payload: object) -> str:
    """SHA-256 of the payload, so that an id reused for something else is noticed."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()


def answered(op_ids: Iterable[UUID]) -> dict[UUID, Operation]:
    """The operations among `op_ids` that were answered before."""
    return Operation.objects.in_bulk(list(op_ids))


def was_carried_out(op_id: str) -> bool:
    """Whether a form with this id was taken. One that was refused, or whose id cannot be read, was not."""
    try:
        form = UUID(op_id)
    except ValueError:
        return False
    known = answered([form]).get(form)
    return known is not None and "refused" not in known.answer


def check_same(known: Operation, *, by: User | None, kind: str, payload: object) -> None:
    """Refuse an id that was used by another person or for another request."""
    if known.actor != actor_of(by) or known.kind != kind or known.digest != digest_of(payload):
        raise Refused("op_id_reused", "这个操作编号已用于另一项操作。", hint="请换一个新的编号再提交。", status=409)


def actor_of(by: User | None) -> str:
    return by.username if by else "operator"


@dataclass(frozen=True, slots=True)
class WantedOperation:
    """A write under the client's id: whose, of what kind, asking for what."""

    op_id: UUID
    by: User | None
    kind: str
    payload: object

    def once(self, act: Callable[[], Answer]) -> Answer:
        """`once` of this one."""
        return once(op_id=self.op_id, by=self.by, kind=self.kind, payload=self.payload, act=act)


def once(
    *,
    op_id: UUID,
    by: User | None,
    kind: str,
    payload: object,
    act: Callable[[], Answer],
    expected: Answer | None = None,
) -> Answer:
    """Run `act` once for `op_id` and give its answer again to every repetition.

    A refusal is an answer too: what `act` had done is undone, the refusal is remembered, and raised again for the same id.
    Two requests at once with one id: the second waits for the first and gets its answer; should the first be refused
    meanwhile, whichever of them answers next answers for both. `expected` is what `act` will answer unless it is refused,
    where that is known beforehand: it saves a statement.
    """
    wanted = WantedOperation(op_id, by, kind, payload)
    try:
        with transaction.atomic():
            if _claim(wanted, expected or {}):
                answer = act()
                if answer != expected:
                    run(_KEEP, {"op_id": op_id, "answer": json.dumps(answer)})
                return answer
    except Refused as refused:
        if _claim(wanted, {"refused": _remembered(refused)}):
            raise
    known = Operation.objects.get(op_id=op_id)
    check_same(known, by=by, kind=kind, payload=payload)
    return replay(known.answer)


_CLAIM = """
    INSERT INTO households_operation (op_id, actor, kind, digest, answer, at)
    VALUES (%(op_id)s, %(actor)s, %(kind)s, %(digest)s, %(answer)s, now())
    ON CONFLICT (op_id) DO NOTHING
"""
_KEEP = "UPDATE households_operation SET answer = %(answer)s WHERE op_id = %(op_id)s"


def _claim(wanted: WantedOperation, answer: Answer) -> bool:
    """Whether the id is new, and now ours with this answer. Waits for whoever is at work under it; False means that they
    answered it.

    One statement instead of an insert and a look: this stands before every write that a client may repeat.
    """
    claimed: dict[str, Any] = {
        "op_id": wanted.op_id,
        "actor": actor_of(wanted.by),
        "kind": wanted.kind,
        "digest": digest_of(wanted.payload),
        "answer": json.dumps(answer),
    }
    return bool(run(_CLAIM, claimed))


_CLAIM_ALL = """
    INSERT INTO households_operation (op_id, actor, kind, digest, answer, at)
    SELECT op_id, actor, kind, digest, '{}', now()
    FROM unnest(%(ids)s::uuid[], %(actors)s::text[], %(kinds)s::text[], %(digests)s::text[])
      AS wanted (op_id, actor, kind, digest)
    ORDER BY op_id
    ON CONFLICT (op_id) DO NOTHING
    RETURNING op_id
"""
_KEEP_ALL = """
    UPDATE households_operation kept SET answer = given.answer::jsonb
    FROM unnest(%(ids)s::uuid[], %(answers)s::text[]) AS given (op_id, answer)
    WHERE kept.op_id = given.op_id
"""


def claim_all(wanted: Sequence[WantedOperation]) -> set[UUID]:
    """The ids among them that are new, and now ours, in the caller's transaction; what is done under them goes to `keep_all`."""
    claimed = {
        "ids": [one.op_id for one in wanted],
        "actors": [actor_of(one.by) for one in wanted],
        "kinds": [one.kind for one in wanted],
        "digests": [digest_of(one.payload) for one in wanted],
    }
    return set(column(_CLAIM_ALL, claimed))


def keep_all(answers: Mapping[UUID, Answer]) -> None:
    """What was answered under ids that `claim_all` gave."""
    run(_KEEP_ALL, {"ids": list(answers), "answers": [json.dumps(answer) for answer in answers.values()]})


def replay(answer: Answer) -> Answer:
    """A stored answer, raised again when it was a refusal."""
    if "refused" in answer:
        refused = answer["refused"]
        raise Refused(
            refused["code"],
            refused["reason"],
            hint=refused["hint"],
            fields=refused.get("fields"),
            status=refused["status"],
        )
    return answer


def _remembered(exc: Refused) -> Answer:
    return {
        "code": exc.code,
        "reason": exc.reason,
        "hint": exc.hint,
        "fields": exc.fields,
        "status": exc.status,
    }
