"""What beat, commands and the operator ask for: a copy, a drill, with the settings of this installation."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dongkou import servers
from dongkou.backup import certificate, drill, making
from dongkou.backup.figures import figures
from dongkou.backup.store import BackupCopy, BackupStore, CopyKind
from dongkou.programs import ServerTrouble
from households import audit
from households.refusals import Refused

MEGABYTE = 1024 * 1024
FILED = "%Y%m%dT%H%M%SZ"  # a certificate's name


def folder_of(chosen: Path | None) -> Path:
    """Where copies go. Refused when nobody said it, or the database is not the embedded one."""
    if not servers.needed().postgresql:
        raise Refused(
            "backup_elsewhere",
            "数据库在别的服务器上（DATABASE_URL），备份由那里的 pgBackRest 来做。",
            hint="怎么设置见 docs/operations.md“备份和恢复”。",
        )
    found: Path | None = chosen or settings.BACKUP_FOLDER
    if found is None:
        raise Refused("no_backup_folder", "没有设置备份文件夹（DONGKOU_BACKUP），还没有备份。")
    return found


def back_up(folder: Path | None = None, *, full: bool = False) -> dict[str, Any]:
    """One more copy. Returns figures: megabytes, seconds, copies that lie there. Refused with the reason."""
    copies, plan = folder_of(folder), settings.BACKUP_PLAN
    try:
        copy = making.take(settings.LAYOUT, copies, figures(), plan=plan, full=full)
        store = BackupStore(copies)
        exit_code = making.hand_on(plan, store, copy)
    except ServerTrouble as trouble:
        raise Refused("backup_failed", str(trouble)) from None
    _note("backup.make", copy)
    if exit_code:
        raise Refused("backup_not_handed_on", f"备份 {copy.name} 做成了，送往别处的命令没有成功（返回 {exit_code}）。")
    return {
        "full": int(copy.kind is CopyKind.FULL),
        "megabytes": round(copy.size / MEGABYTE),
        "seconds": copy.seconds,
        "copies": len(store.copies()),
    }


def rehearse(folder: Path | None = None) -> drill.DrillOutcome:
    """A drill with its certificate filed beside the copies. Refused when the newest copy cannot be restored."""
    copies = folder_of(folder)
    try:
        outcome = drill.drill(settings.LAYOUT, copies)
    except ServerTrouble as trouble:
        raise Refused("drill_failed", f"演练没有成功：{trouble}") from None
    _note("backup.drill", outcome.restored.copy)
    store = BackupStore(copies)
    (store.certificates / f"{outcome.begun_at:{FILED}}.pdf").write_bytes(certificate.pdf(outcome))
    return outcome


def last_copy() -> BackupCopy | None:
    """The newest one that is whole; None where none is, or no folder is set."""
    if settings.BACKUP_FOLDER is None:
        return None
    try:
        copies = BackupStore(settings.BACKUP_FOLDER).copies()
    except ServerTrouble:
        return None
    return copies[-1] if copies else None


def last_drill() -> datetime | None:
    """When a rehearsal was last filed; None where none was, or no folder is set."""
    if settings.BACKUP_FOLDER is None:
        return None
    with contextlib.suppress(ServerTrouble, OSError):
        filed = [_filed_at(paper.stem) for paper in BackupStore(settings.BACKUP_FOLDER).certificates.glob("*.pdf")]
        return max((at for at in filed if at), default=None)
    return None


def _filed_at(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, FILED).replace(tzinfo=UTC)
    except ValueError:
        return None


def _note(action: str, copy: BackupCopy) -> None:
    audit.record(None, action, subject=copy.name, kind=copy.kind, size=copy.size, seconds=copy.seconds)
