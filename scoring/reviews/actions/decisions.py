"""A township's decision as a page or a client sends it: once for each id, and only about the sheet that was looked at."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from households.models import Division, User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.models import Decision, Sheet
from scoring.months.months import locked, sheet_of
from scoring.reviews.actions.reviewing import DrawnFinding, approve, look, return_sheet, revoke

KIND = "review"
MAX_AT_ONCE = 60  # villages of the largest township, and some


def decide(
    *,
    op_id: UUID,
    sheet: Sheet,
    decision: str,
    reason: str = "",
    opened: Collection[int] = (),
    households: Mapping[str, DrawnFinding] | None = None,
    seen_version: int | None = None,
    by: User,
) -> Answer:
    """Approve the sheet, or return it with a reason; the same `op_id` gets the same answer again.

    `households` are the drawn ones that were opened, with what was found; None from a client that speaks of exceptions
    alone: then the review keeps that none was opened.

    `seen_version` is the sheet's version on the reviewer's page: a decision about a sheet that has moved since then is
    refused with 409, so that of two reviewers the second is told. Answers {"decision", "review"}.
    """
    payload: dict[str, object] = {
        "sheet": sheet.pk,
        "decision": decision,
        "reason": reason,
        "opened": sorted(opened),
        "seen": seen_version,
    }
    if households:
        payload["households"] = {code: list(found) for code, found in sorted(households.items())}

    def act() -> Answer:
        _check_seen(locked(sheet), seen_version)
        if decision == Decision.APPROVE:
            if households:
                look(sheet=sheet, opened=opened, households=households, by=by)
            review = approve(sheet=sheet, opened=opened, by=by, looked=households is not None)
        elif decision == Decision.RETURN:
            review = return_sheet(sheet=sheet, reason=reason, opened=opened, by=by)
        else:
            raise Refused("decision_unknown", "决定只能是“通过”或“退回”。", fields={"decision": "不认识"})
        return {"decision": review.decision, "review": review.pk}

    return once(op_id=op_id, by=by, kind=KIND, payload=payload, act=act)


def send_back(*, op_id: UUID, sheet: Sheet, reason: str, by: User) -> Answer:
    """The county has an approved sheet reviewed again. Answers {"decision", "review"}."""

    def act() -> Answer:
        review = revoke(sheet=sheet, reason=reason, by=by)
        return {"decision": review.decision, "review": review.pk}

    payload = {"sheet": sheet.pk, "decision": "revoke", "reason": reason}
    return once(op_id=op_id, by=by, kind=KIND, payload=payload, act=act)


def keep_looks(
    *, op_id: UUID, sheet: Sheet, opened: Collection[int], households: Mapping[str, DrawnFinding], by: User
) -> Answer:
    """Write down what was opened, to decide later. Answers {"events", "households"} that have been opened by now."""
    payload = {"sheet": sheet.pk, "opened": sorted(opened), "households": {c: list(f) for c, f in households.items()}}

    def act() -> Answer:
        looked = look(sheet=sheet, opened=opened, households=households, by=by)
        return {"events": sorted(looked.events), "households": sorted(looked.households)}

    return once(op_id=op_id, by=by, kind="review.look", payload=payload, act=act)


def approve_together(*, op_id: UUID, month: str, villages: Sequence[Division], by: User) -> Answer:
    """Approve every sheet that the person has looked at; each for itself, with why not where it was refused.

    What counts is what was written down before: nothing is opened by this. Answers {"results": [{village, status, reason}]}.
    """
    codes = [village.code for village in villages]

    def act() -> Answer:
        if not codes or len(codes) > MAX_AT_ONCE:
            raise Refused("too_many", f"一次最多通过 {MAX_AT_ONCE} 个村，至少选一个。")
        return {"results": [_approved(month, village, by) for village in villages]}

    return once(op_id=op_id, by=by, kind="review.together", payload=[month, *codes], act=act)


def _approved(month: str, village: Division, by: User) -> dict[str, str]:
    try:
        approve(sheet=sheet_of(month=month, village=village), opened=(), by=by, looked=True)
    except Refused as refusal:
        return {"village": village.code, "status": "refused", "reason": refusal.sentence}
    return {"village": village.code, "status": "approved", "reason": ""}


def _check_seen(sheet: Sheet, seen_version: int | None) -> None:
    if seen_version is not None and sheet.version != seen_version:
        raise Refused(
            "sheet_moved",
            "这份台账在您打开以后有了变化，刚才的决定没有生效。",
            hint="下面是最新的内容，请看过再定。",
            status=409,
        )
