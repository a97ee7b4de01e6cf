"""What a filer sends in one go: a petition with its papers, more about it, his judgement of the answer."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import User
from households.plates.actions.plates import VILLAGER
from households.refusals import Refused
from petitions.actions.closing import rate, supplement
from petitions.actions.filing import Filed, Filing, file
from petitions.actions.history import locked
from petitions.actions.publishing import wish
from petitions.models import Attachment, Petition
from petitions.uploads import Paper

MOST_IN_ALL = 20  # files of one petition


@transaction.atomic
def file_with_papers(
    *, op_id: UUID, filing: Filing, papers: Sequence[Paper], by: User | None, keep_private: bool = False
) -> Filed:
    """File a petition together with its papers: both or neither, once for `op_id`. `keep_private`: never in the public list."""
    filed = file(op_id=op_id, filing=filing, by=by)
    attach(petition=filed.petition, papers=papers, by=by)
    if keep_private:
        wish(op_id=uuid5(op_id, "keep_private"), petition=filed.petition, allowed=False)
    return filed


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


@transaction.atomic
def attach(*, petition: Petition, papers: Sequence[Paper], by: User | None) -> None:
    """Keep papers with a petition; one that is there already is passed over. Refused beyond MOST_IN_ALL (422)."""
    if not papers:
        return
    locked(petition)
    known = set(Attachment.objects.filter(petition=petition).values_list("digest", flat=True))
    fresh = {paper.digest: paper for paper in papers if paper.digest not in known}
    if len(known) + len(fresh) > MOST_IN_ALL:
        raise Refused("files_too_many", f"一件信访最多 {MOST_IN_ALL} 个文件。", hint="请把要紧的挑出来。")
    now = timezone.now()
    rows = [Attachment(petition=petition, kind=one.kind, digest=key, at=now, by=by) for key, one in fresh.items()]
    for row in rows:
        row.content = fresh[row.digest].content
    Attachment.objects.bulk_create(rows)
    if rows:
        _record(petition, len(rows), by)


def _record(petition: Petition, files: int, by: User | None) -> None:
    place = "" if petition.is_accusation else petition.place_id
    line = audit.line(by, "petition.attach", place=place, subject=petition.number, files=files)
    if by is None:
        line.actor = line.role = VILLAGER
    audit.record_all([line])
