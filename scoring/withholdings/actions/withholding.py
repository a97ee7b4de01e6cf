"""Published words that must not stay: one person asks, with the article of the law, another one grants.

Granted, the words are gone from the row; what stays of them is their digest, and words of a list stand in their place. The
chain of points goes on with the digest, so nothing that was published before says anything else than it said (ADR 31).
"""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.inbox.actions import post_of, tell
from households.models import User
from households.operations import Answer, once
from households.outbox.actions import put
from households.permissions import Permission, may
from households.refusals import Refused
from households.sql import row
from scoring.ledger.chains import LEAF
from scoring.models import LegalGround, OwnerKind, PointEntry, RankingSnapshot, Withholding
from scoring.reasons import ALL_CHOICES, WITHHELD, in_place_of
from scoring.states import WithholdingState
from scoring.withholdings.actions.texts import PublishedText, may_decide, text_of

MAX_WHY = 200
# The leaf of an entry as it stands, and as it will with other words.
_LEAVES = f"""
    SELECT {LEAF.format(of="e")}, {LEAF.format(of="e").replace("e.text", "%(shown)s")}
    FROM (SELECT e.*, a.owner_kind, a.owner FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id) e
    WHERE e.id = %(entry)s
"""


def ask(*, op_id: UUID, kind: str, row_id: int, public_reason: str, ground: str, why: str, by: User) -> Answer:
    """Ask that the words of an entry (`kind` "entry") or an archived ranking ("ranking") be withheld. Answers {"id", "state"}."""
    given = {"kind": kind, "row": row_id, "public_reason": public_reason, "ground": ground, "why": why.strip()}

    def act() -> Answer:
        text = _text_within(kind, row_id, by)
        asked = _request(text, given, by)
        try:
            with transaction.atomic():
                asked.save(force_insert=True)
        except IntegrityError:
            raise Refused("already_asked", "这一处已经有人申请过。", hint="请看它的进展。", status=409) from None
        _audit(by, "withholding.ask", asked)
        return _answer(asked)

    return once(op_id=op_id, by=by, kind="withholding.ask", payload=given, act=act)


def grant(*, op_id: UUID, withholding: int, by: User) -> Answer:
    """The words go, for good. Of two who decide at once the second is told (409). Answers {"id", "state"}."""

    def act() -> Answer:
        asked = _decide(withholding, WithholdingState.GRANTED, "", by)
        _replace(asked)
        _tell_household(asked)
        _audit(by, "withholding.grant", asked)
        return _answer(asked)

    return once(op_id=op_id, by=by, kind="withholding.grant", payload={"withholding": withholding}, act=act)


def refuse(*, op_id: UUID, withholding: int, reason: str, by: User) -> Answer:
    """Nothing changes; who asked reads the reason. Answers {"id", "state"}."""

    def act() -> Answer:
        if not reason.strip():
            raise Refused("reason_missing", "请写明为什么不同意。", fields={"reason": "请填写"})
        asked = _decide(withholding, WithholdingState.REFUSED, reason.strip(), by)
        _audit(by, "withholding.refuse", asked, answer=asked.answer)
        return _answer(asked)

    payload = {"withholding": withholding, "reason": reason}
    return once(op_id=op_id, by=by, kind="withholding.refuse", payload=payload, act=act)


def _text_within(kind: str, row_id: int, by: User) -> PublishedText:
    if not may(by, Permission.ASK_WITHHOLDING):
        raise Refused("not_yours", "您的角色不能申请这件事。", status=403)
    text = text_of(kind, row_id, by)
    if text is None:
        raise Refused("text_unknown", "没有找到这一处文字，或不在您的管辖范围内。", hint="请从列表里选。", status=404)
    if text.words.endswith(WITHHELD):
        raise Refused("withheld_already", "这一处的原文已经不再公开。", status=409)
    return text


def _request(text: PublishedText, given: dict[str, Any], by: User) -> Withholding:
    faults = {
        "public_reason": "请从列出的里面选" if given["public_reason"] not in dict(ALL_CHOICES) else "",
        "ground": "请从列出的里面选" if given["ground"] not in LegalGround.values else "",
        "why": "" if 0 < len(given["why"]) <= MAX_WHY else f"请写明，最多 {MAX_WHY} 字",
    }
    wrong = {name: fault for name, fault in faults.items() if fault}
    if wrong:
        raise Refused("form", "申请没有写完整。", fields=wrong)
    shown = in_place_of(text.words, given["public_reason"], text.kind_label)
    digest, after = _digests(text, shown)
    return Withholding(
        **{text.kind: text.row},
        place=text.place,
        digest=digest,
        after=after,
        shown=shown,
        public_reason=given["public_reason"],
        ground=given["ground"],
        why=given["why"],
        asked_by=by,
    )


def _digests(text: PublishedText, shown: str) -> tuple[bytes, bytes | None]:
    if text.kind == "ranking":
        return sha256(text.words.encode()).digest(), None
    leaves = row(_LEAVES, {"entry": text.number, "shown": shown})
    assert leaves is not None
    return bytes(leaves[0]), bytes(leaves[1])


def _decide(withholding: int, state: WithholdingState, answer: str, by: User) -> Withholding:
    asked = Withholding.objects.select_related("entry__account", "ranking").filter(pk=withholding).first()
    if asked is None or not may_decide(asked, by, own=True):
        raise Refused("not_yours", "没有这一件，或不归您决定。", status=404)
    if asked.asked_by_id == by.pk:
        raise Refused("own_request", "自己申请的，要由另一个人决定。", status=403)
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now(), "answer": answer}
    if not Withholding.objects.filter(pk=asked.pk, state=WithholdingState.ASKED).update(**decided):
        raise Refused("decided", "这一件刚才已经有了决定。", hint="请刷新后查看。", status=409)
    for name, value in decided.items():
        setattr(asked, name, value)
    tell("withholding.decided", key=asked.pk, to=[post_of(asked.asked_by)], about=[asked.pk, state.value])
    return asked


def _tell_household(asked: Withholding) -> None:
    """Whose own line reads otherwise now. What went may have named others, so it is told on their page alone."""
    account = asked.entry.account if asked.entry else None
    if account and account.owner_kind == OwnerKind.HOUSEHOLD:
        put("withholding.granted", key=asked.pk, households=[account.owner], quiet=True)


def _replace(asked: Withholding) -> None:
    """The database lets exactly this change through: these words, by a granted request that holds their digest."""
    if asked.entry_id:
        PointEntry.objects.filter(pk=asked.entry_id).update(text=asked.shown)
    elif asked.ranking_id:
        RankingSnapshot.objects.filter(pk=asked.ranking_id).update(reason=asked.shown)


def _audit(by: User, action: str, asked: Withholding, **more: str) -> None:
    detail = {"shown": asked.shown, "ground": asked.ground, "digest": bytes(asked.digest).hex()}
    audit.record(by, action, place=asked.place, subject=asked, **detail, **more)


def _answer(asked: Withholding) -> Answer:
    return {"id": asked.pk, "state": str(asked.state)}
