"""A township's decision as a page or a client sends it: once for each id, and only about the sheet that was looked at."""

from collections.abc import Collection
from uuid import UUID

from households.models import User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.models import Decision, Sheet
from scoring.months.months import locked
from scoring.reviews.actions.reviewing import approve, return_sheet

KIND = "review"


def decide(
    *,
    op_id: UUID,
    sheet: Sheet,
    decision: str,
    reason: str = "",
    opened: Collection[int] = (),
    seen_version: int | None = None,
    by: User,
) -> Answer:
    """Approve the sheet, or return it with a reason; the same `op_id` gets the same answer again.

    `seen_version` is the sheet's version on the reviewer's page: a decision about a sheet that has moved since then is
    refused with 409, so that of two reviewers the second is told. Answers {"decision", "review"}.
    """
    payload = {
        "sheet": sheet.pk,
        "decision": decision,
        "reason": reason,
        "opened": sorted(opened),
        "seen": seen_version,
    }

    def act() -> Answer:
        _check_seen(locked(sheet), seen_version)
        if decision == Decision.APPROVE:
            review = approve(sheet=sheet, opened=opened, by=by)
        elif decision == Decision.RETURN:
            review = return_sheet(sheet=sheet, reason=reason, opened=opened, by=by)
        else:
            raise Refused("decision_unknown", "决定只能是“通过”或“退回”。", fields={"decision": "不认识"})
        return {"decision": review.decision, "review": review.pk}

    return once(op_id=op_id, by=by, kind=KIND, payload=payload, act=act)


def _check_seen(sheet: Sheet, seen_version: int | None) -> None:
    if seen_version is not None and sheet.version != seen_version:
        raise Refused(
            "sheet_moved",
            "这份台账在您打开以后有了变化，刚才的决定没有生效。",
            hint="下面是最新的内容，请看过再定。",
            status=409,
        )
