"""Doing what a run waits for: rehearsing, writing, taking back. Whoever is called for it may be killed at any moment.

Each step is one transaction under a lock of the run, so it happened or it did not; a run that still waits is taken up again by
the next call, three times at most. So a second call does no harm, and a killed worker leaves nothing.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.files import bounds
from households.imports.kinds import ImportKind, ImportOrder, kind_of
from households.imports.problems import ImportReport
from households.intake import progress, told, workbooks
from households.models import AT_WORK, ImportChange, ImportPaper, ImportRun, ImportState
from households.refusals import Refused
from households.sql import has_turn

TRIES = 3
LATE = timedelta(seconds=40)  # after which somebody else looks whether the worker is still there
KEPT = timedelta(days=30)  # in which a run can be taken back and its paper be read
GAVE_UP = f"试了 {TRIES} 次都没有做完，没有写入任何数据。请把文件分小一些再试；还不行，请联系机房。"
log = structlog.get_logger("households.intake")


def work(run_id: int) -> None:
    """Do what the run waits for, unless somebody is at it or it waits for nobody."""
    if not _begin(run_id):
        return
    try:
        with transaction.atomic():
            if _locked(run_id):
                run = ImportRun.objects.select_related("by", "undone_by", "paper").get(pk=run_id)
                if step := _STEPS.get(ImportState(run.state)):
                    step(run)
    except DatabaseError as trouble:
        log.warning("import_step_failed", run=run_id, trouble=type(trouble).__name__)
        raise
    finally:
        progress.over(run_id)


def waiting() -> list[int]:
    """Runs that nobody seems to be at."""
    late = ImportRun.objects.filter(state__in=AT_WORK, asked_at__lt=timezone.now() - LATE)
    return list(late.order_by("pk").values_list("pk", flat=True))


def forget() -> int:
    """Papers and what was before go when their time is over; the runs stay."""
    old = timezone.now() - KEPT
    ImportChange.objects.filter(run__made_at__lt=old).delete()
    return ImportPaper.objects.filter(run__made_at__lt=old).delete()[0]


def _locked(run_id: int) -> bool:
    return has_turn(f"import run {run_id}")


@transaction.atomic
def _begin(run_id: int) -> bool:
    """Count one more try, before it can fail; give up after so many."""
    if not _locked(run_id):
        return False
    waits = ImportRun.objects.filter(pk=run_id, state__in=AT_WORK)
    if waits.filter(tries__lt=TRIES).update(tries=F("tries") + 1, asked_at=timezone.now()):
        return True
    given_up = waits.exclude(state=ImportState.UNDOING)
    given_up.update(state=ImportState.FAILED, said=GAVE_UP)
    waits.filter(state=ImportState.UNDOING).update(state=ImportState.WRITTEN, said="撤回没有做完，数据没有变。")
    return False


def _rehearse(run: ImportRun) -> None:
    kind, content = _kind(run), run.paper.content
    report = _act(run, kind, content, dry_run=True)
    _keep(run, report, ImportState.FAULTY if report.refused else ImportState.CHECKED)
    _paper(run, kind, report, content)


def _write(run: ImportRun) -> None:
    kind, content = _kind(run), run.paper.content
    report = _act(run, kind, content, dry_run=False)
    if report.refused:  # what was sound at the rehearsal is no more
        _keep(run, report, ImportState.FAULTY)
        _paper(run, kind, report, content)
        return
    run.written_at = timezone.now()
    _keep(run, report, ImportState.WRITTEN)
    ImportPaper.objects.filter(pk=run.pk).update(content=b"", marked=None)


def _take_back(run: ImportRun) -> None:
    kind, by = _kind(run), run.undone_by
    assert by is not None
    hindrances = kind.hindrances(run.pk) if kind.hindrances else ()
    if hindrances or kind.take_back is None:
        run.state, run.said = ImportState.WRITTEN, "".join(("没有撤回。", *hindrances))
        run.save(update_fields=["state", "said"])
        return
    count = kind.take_back(run.pk, by)
    ImportChange.objects.filter(run=run).delete()
    run.state, run.undone_at, run.said = ImportState.UNDONE, timezone.now(), f"已整批撤回，恢复 {count} 条。"
    run.save(update_fields=["state", "undone_at", "said"])
    audit.record(by, "import.undo", place=run.place, subject=run.name[-80:], digest=run.digest, rows=count)


_STEPS: dict[ImportState, Callable[[ImportRun], None]] = {
    ImportState.CHECKING: _rehearse,
    ImportState.WRITING: _write,
    ImportState.UNDOING: _take_back,
}


def _kind(run: ImportRun) -> ImportKind:
    kind = kind_of(run.kind)
    if kind is None:
        raise Refused("kind_unknown", "这一种文件现在不能导入了。")
    return kind


def _act(run: ImportRun, kind: ImportKind, content: bytes, *, dry_run: bool) -> ImportReport:
    order = ImportOrder(
        name=run.name,
        data=content,
        by=run.by,
        dry_run=dry_run,
        options=run.options,
        tell=progress.teller(run.pk),
        keep=None if dry_run else run.pk,
    )
    return kind.act(order)


def _keep(run: ImportRun, report: ImportReport, state: ImportState) -> None:
    run.state, run.rows, run.counts = state, report.rows, report.counts
    run.errors, run.notes = len(report.errors), len(report.notes)
    run.said = "\n".join([report.sentence, *report.remarks])
    run.tries = 0
    run.save(update_fields=["state", "rows", "counts", "errors", "notes", "said", "tries", "written_at"])


def _paper(run: ImportRun, kind: ImportKind, report: ImportReport, content: bytes) -> None:
    run.paper.told = told.packed([*report.errors, *report.notes])
    wanted = report.refused and report.rows <= bounds.COUNTY.rows
    run.paper.marked = workbooks.marked(content, report.problems, kind.columns, bounds.COUNTY) if wanted else None
    run.paper.save(update_fields=["told", "marked"])
