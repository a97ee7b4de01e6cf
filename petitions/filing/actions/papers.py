"""What goes in one piece with its papers: a petition, more about it, the answer to it."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import User
from households.refusals import Refused
from petitions.filing.actions.filing import Filed, file
from petitions.filing.asked import Filing
from petitions.filing.uploads import Paper
from petitions.models import Attachment, Petition
from petitions.publishing.actions import wish
from petitions.steps import handling
from petitions.steps.history import locked

MAX_IN_ALL = 20  # files of one petition


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
def answer_with_papers(
    *, op_id: UUID, petition: Petition, by: User, told: str, papers: Sequence[Paper], seen: int | None = None
) -> Petition:
    """Answer together with papers that the filer may open: both or neither, once for `op_id`."""
    answered = handling.answer(op_id=op_id, petition=petition, by=by, told=told, files=len(papers), seen=seen)
    attach(petition=petition, papers=papers, by=by)
    return answered


@transaction.atomic
def attach(*, petition: Petition, papers: Sequence[Paper], by: User | None) -> None:
    """Keep papers with a petition; one that is there already is passed over. Refused beyond MAX_IN_ALL (422)."""
    if not papers:
        return
    locked(petition)
    known = set(Attachment.objects.filter(petition=petition).values_list("digest", flat=True))
    fresh = {paper.digest: paper for paper in papers if paper.digest not in known}
    if len(known) + len(fresh) > MAX_IN_ALL:
        raise Refused("files_too_many", f"一件信访最多 {MAX_IN_ALL} 个文件。", hint="请把要紧的挑出来。")
    now = timezone.now()
    rows = [Attachment(petition=petition, kind=one.kind, digest=key, at=now, by=by) for key, one in fresh.items()]
    for row in rows:
        row.content = fresh[row.digest].content
    Attachment.objects.bulk_create(rows)
    if rows:
        _record(petition, len(rows), by)


def _record(petition: Petition, files: int, by: User | None) -> None:
    audit.record(by or audit.VILLAGER, "petition.attach", place=petition.county, subject=petition.number, files=files)
