"""Findings of the demo: one that came when the month was signed for and that its village explained, one on the open sheet."""

from random import Random
from uuid import UUID

from households.models import Household, User
from households.scope import lies_in
from scoring.demo import made_up_events
from scoring.demo.months import Cast, clauses_of
from scoring.findings.actions.answering import explain
from scoring.findings.actions.filing import file

CLAUSE = "WJ07"
_WORDS = "决定书写的是同名的另一户，已经和自然资源局核对，本户没有违法建设。"


def find(cast: Cast, month: str, village: str, rng: Random, *, cadre: User | None = None) -> int:
    """The land office finds something where it is linked; with `cadre` the month is signed for, and they explain it."""
    by = cast.department
    if not by.scope.covers(village):
        return 0
    household = rng.choice(
        list(Household.objects.filter(lies_in(village)).order_by("code").values_list("pk", flat=True))
    )
    clauses = {clause.code: clause for clause in clauses_of(month)}
    raw = {
        "household": household,
        "clause": CLAUSE,
        "date": made_up_events.day_in(month, cast.today, rng).isoformat(),
        "document_no": made_up_events.document_for(clauses[CLAUSE], month, rng),
        "note": "责令改正决定已过期限",
        "again": True,
    }
    made = file(op_id=_id(rng), raw=raw, by=by)
    if cadre and made["state"] == "late":
        explain(op_id=_id(rng), finding=made["id"], words=_WORDS, by=cadre)
    return 1


def _id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
