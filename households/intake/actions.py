"""Bringing in a file by the browser: handed over and rehearsed, written when somebody says so, taken back as one."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone

from households import audit
from households.imports.kinds import ImportKind, kind_of
from households.intake import work
from households.models import ImportChange, ImportPaper, ImportRun, ImportState, User
from households.permissions import may
from households.refusals import Refused

FEW = 5000  # rows of a file whose dependents are looked for while somebody waits for the page; the worker looks anyway


@transaction.atomic
def hand_in(*, kind: ImportKind, name: str, data: bytes, options: dict[str, Any], by: User) -> ImportRun:
    """Keep a file, sealed, to be rehearsed. It waits for `work`."""
    _check(kind, by)
    run = ImportRun.objects.create(
        kind=kind.slug,
        name=PurePath(name).name[-120:] or "文件",
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        options=options,
        place=by.division_id or "",
        by=by,
    )
    ImportPaper.objects.create(run=run, content=data)
    audit.record(by, "import.hand_in", place=run.place, subject=run.name[-80:], digest=run.digest, kind=kind.label)
    return run


@transaction.atomic
def write(*, run: ImportRun, by: User) -> ImportRun:
    """Say that what was rehearsed is to be written. It waits for `work`; refused unless it was rehearsed without an error."""
    kind = _check(kind_of(run.kind), by)
    if not _moved(run, ImportState.CHECKED, ImportState.WRITING):
        raise Refused(
            "not_rehearsed", "这个文件没有演练通过，或者已经写入了。", hint="请看这一页现在的状态。", status=409
        )
    audit.record(by, "import.write", place=run.place, subject=run.name[-80:], digest=run.digest, kind=kind.label)
    return run


@transaction.atomic
def take_back(*, run: ImportRun, by: User) -> ImportRun:
    """Say that what was written is to be taken back as one. Refused by name while something depends on it, or too late."""
    kind = _check(kind_of(run.kind), by)
    if kind.take_back is None:
        raise Refused("not_undoable", f"{kind.label}不能整批撤回：{kind.stays}")
    if run.state == ImportState.WRITTEN:
        _check_free(run, kind)
    if not _moved(run, ImportState.WRITTEN, ImportState.UNDOING, undone_by=by):
        raise Refused("not_written", "这个文件没有写入，或者已经撤回了。", status=409)
    audit.record(by, "import.take_back", place=run.place, subject=run.name[-80:], digest=run.digest, kind=kind.label)
    return run


def _check_free(run: ImportRun, kind: ImportKind) -> None:
    if timezone.now() - run.made_at > work.KEPT:
        raise Refused("too_late", f"写入已经超过 {work.KEPT.days} 天，不能整批撤回。", hint="请逐条改正。")
    if not ImportChange.objects.filter(run=run).exists():
        raise Refused("nothing_changed", "这一次导入没有改动任何数据，不用撤回。")
    if run.rows <= FEW and kind.hindrances and (found := kind.hindrances(run.pk)):
        raise Refused("depended_on", "不能整批撤回：" + "".join(found), hint="请逐条改正。")


def _moved(run: ImportRun, before: ImportState, after: ImportState, **more: Any) -> bool:
    found = ImportRun.objects.filter(pk=run.pk, state=before)
    done = found.update(state=after, asked_at=timezone.now(), tries=0, **more)
    run.refresh_from_db()
    return bool(done)


def _check(kind: ImportKind | None, by: User) -> ImportKind:
    if kind is None or not may(by, kind.permission):
        raise Refused("not_yours", "您不能导入这一种文件。", status=403)
    return kind
