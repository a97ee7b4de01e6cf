"""What the filer sends afterwards: papers with a supplement, and ratings of everybody at work."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction

from households.refusals import Refused
from petitions.filing.actions.papers import attach
from petitions.filing.uploads import Paper
from petitions.models import Petition
from petitions.steps.closing import rate, supplement


@transaction.atomic
def supplement_with_papers(*, op_id: UUID, petition: Petition, note: str, papers: Sequence[Paper]) -> Petition:
    """The filer adds words, papers or both; papers alone need no words."""
    note = note.strip() or (f"补充了 {len(papers)} 个文件。" if papers else "")
    moved = supplement(op_id=op_id, petition=petition, by=None, note=note)
    attach(petition=petition, papers=papers, by=None)
    return moved


@transaction.atomic
def rate_all(*, op_id: UUID, petition: Petition, scores: dict[str, str], comment: str = "") -> Petition:
    """The filer's judgement of one or both `Subject`s, as {subject: score}."""
    given = {subject: score for subject, score in scores.items() if score}
    if not given:
        raise Refused("invalid", "还没有选满意程度。", hint="请先选一项。", fields={"score": "必填"})
    for subject, score in given.items():
        rate(op_id=uuid5(op_id, subject), petition=petition, by=None, subject=subject, score=score, comment=comment)
    return petition
