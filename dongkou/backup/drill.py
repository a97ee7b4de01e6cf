"""A rehearsal of the worst day: the newest copy becomes a database beside the live one, is verified, compared, and goes again."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dongkou import servers
from dongkou.backup.figures import differences
from dongkou.backup.restoring import Restored, RestoreWish, clear_away, not_archiving, restore
from dongkou.backup.store import BackupStore, open_store
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import ServerTrouble, find_runner

# What would lead a command away from the restored folder.
ELSEWHERE = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_READER_URL",
    "REDIS_URL",
    "DONGKOU_BACKUP",
    "DONGKOU_DATABASE_ROLE",
    "DONGKOU_ROLE",
)
LONGEST = 3 * 3600  # seconds for a command on the restored folder


@dataclass(frozen=True)
class DrillOutcome:
    """What a drill showed. `drifts` are sentences of `verify` and of the comparison; RPO and RTO are seconds."""

    begun_at: datetime
    restored: Restored
    verify_seconds: float
    checked: int  # lines of `verify`
    drifts: tuple[str, ...]

    @property
    def rpo(self) -> float | None:
        """Between the last change that came back and the drill's beginning."""
        last = self.restored.last_change
        return max(0.0, round((self.begun_at - last).total_seconds(), 1)) if last else None

    @property
    def rto(self) -> float:
        """Until the database answered and was verified."""
        return round(self.restored.seconds + self.verify_seconds, 1)


def drill(layout: Layout, copies: Path) -> DrillOutcome:
    """Restore, verify, compare, take away again. ServerTrouble when the copy cannot be restored: a finding of its own."""
    store = open_store(copies, find_runner(layout.postgresql))
    begun_at = datetime.now(UTC)
    folder = store.folder / f"drill-{begun_at:%Y%m%dT%H%M%SZ}"
    with store.alone():
        try:
            return _rehearse(layout, store, folder, begun_at)
        finally:
            clear_away(Layout(folder))


def _rehearse(layout: Layout, store: BackupStore, folder: Path, begun_at: datetime) -> DrillOutcome:
    keys = layout.secrets.read_bytes() if layout.secrets.exists() else None
    restored = restore(RestoreWish(store.folder, folder, keys=keys))
    before = json.loads((store.path(restored.copy.name) / "figures.json").read_text(encoding="utf-8"))
    began = time.monotonic()
    lists = folder / "roots"
    lists.mkdir()
    for number, kept in enumerate(before["roots"]):
        (lists / f"{number}.json").write_text(json.dumps(kept), encoding="utf-8")
    with not_archiving(), servers.using(Layout(folder), servers.WantedServers(postgresql=True, valkey=True)):
        told = _manage(folder, "verify", *(["--roots", *map(str, sorted(lists.iterdir()))] if before["roots"] else []))
        after = _figures(folder)
    lines = [line for line in told.stdout.splitlines() if line]
    drifts = [line for line in lines if line.startswith("不符")]
    if told.returncode and not drifts:
        drifts.append(f"核对没有做完：{(told.stderr.strip().splitlines() or ['?'])[-1]}")
    seconds = round(time.monotonic() - began, 1)
    return DrillOutcome(begun_at, restored, seconds, len(lines), (*drifts, *differences(before, after)))


def _figures(folder: Path) -> dict[str, Any]:
    told = _manage(folder, "backup_figures")
    if told.returncode:
        raise ServerTrouble(f"恢复出来的数据库读不了：{(told.stderr.strip().splitlines() or ['?'])[-1]}")
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def _manage(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """One of our commands on the restored folder, in a process of its own."""
    found = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    found |= {
        "DONGKOU_DATA": str(folder),
        "DONGKOU_SECRETS": str(Layout(folder).own_secrets),
        "PYTHONPATH": str(BASE_DIR),
    }
    command = [sys.executable, "-P", str(BASE_DIR / "manage.py"), *words]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=BASE_DIR,
        env=found,
        timeout=LONGEST,
        stdin=subprocess.DEVNULL,
    )
