"""Taking a copy of the embedded database while everybody works, by PostgreSQL's own ``pg_basebackup``. No Django."""

import json
import os
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dongkou.backup import kept_keys
from dongkou.backup.plan import BackupPlan
from dongkou.backup.store import (
    UNFINISHED,
    BackupCopy,
    BackupStore,
    CopyKind,
    digests,
    name_at,
    open_store,
    size_of,
    write_copy,
)
from dongkou.database_roles import BACKUP
from dongkou.layout import Layout
from dongkou.programs import Programs, Runner, ServerTrouble, find_programs, find_runner

FULL_EVERY = timedelta(days=6, hours=12)  # a week of nightly copies stands on one full copy
USUAL = BackupPlan()
COPIES_LEAST = 2  # full copies that stay however old they are


def take(
    layout: Layout, folder: Path, figures: dict[str, Any], *, plan: BackupPlan = USUAL, full: bool = False
) -> BackupCopy:
    """One more copy: full, or what changed since the newest one. The embedded servers run.

    `figures` is what the database said of itself just before. Raises ServerTrouble with one sentence; nothing half-made
    is left under a copy's name.
    """
    runner = find_runner(layout.postgresql)
    programs = find_programs(runner)
    certificate = kept_keys.read_certificate(plan.certificate) if plan.certificate else None
    store = open_store(folder, runner)
    with store.alone():
        _sweep(store)
        began, base = time.monotonic(), None if full else base_for(store)
        kind = CopyKind.INCREMENTAL if base else CopyKind.FULL
        name = name_at(datetime.now(UTC), kind)
        aside = store.path(name + UNFINISHED)
        aside.mkdir(mode=0o700)
        if runner.switched:
            os.chown(aside, runner.uid, runner.gid)
        _copy_database(layout, programs, runner, aside / "pg", store.path(base.name) / "pg" if base else None)
        (aside / "figures.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
        if certificate is not None:
            (aside / "secrets.cms").write_bytes(kept_keys.seal(layout.secrets.read_bytes(), certificate))
        copy = BackupCopy(
            name=name,
            kind=kind,
            base=base.name if base else None,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - began, 1),
            size=size_of(aside),
            first_log=_first_log(aside / "pg"),
            schema=str(figures.get("schema", "")),
            digests=digests(aside),
        )
        write_copy(aside, copy)
        aside.rename(store.path(name))
        forget_old(store, plan.keep_days, programs)
    return copy


def base_for(store: BackupStore) -> BackupCopy | None:
    """The newest copy, unless the full one below it is too old or anything is missing: then it is time for a full one."""
    try:
        links = store.chain()
    except ServerTrouble:
        return None
    return links[-1] if datetime.now(UTC) - links[0].at < FULL_EVERY else None


def hand_on(plan: BackupPlan, store: BackupStore, copy: BackupCopy) -> int | None:
    """Run the operator's own command with the new copy's folder as its last word; its exit code, or None without one."""
    if not plan.then:
        return None
    command = f'{plan.then} "$COPY"'
    found = {**os.environ, "COPY": str(store.path(copy.name))}
    done = subprocess.run(command, shell=True, check=False, stdin=subprocess.DEVNULL, env=found)  # noqa: S602 (the operator's own)
    return done.returncode


def _copy_database(layout: Layout, programs: Programs, runner: Runner, to: Path, base: Path | None) -> None:
    since = [f"--incremental={base / 'backup_manifest'}"] if base else []
    command = [
        str(programs.postgresql / "pg_basebackup"),
        f"--host={layout.sockets}",
        f"--username={BACKUP}",
        "--no-password",
        "--checkpoint=fast",
        "--wal-method=stream",
        "--manifest-checksums=SHA256",
        f"--pgdata={to}",
        *since,
    ]
    run_tool(command, runner)


def run_tool(command: list[str], runner: Runner | None = None) -> str:
    """One of PostgreSQL's tools; what it says, or ServerTrouble with its own last words."""
    options: dict[str, Any] = runner.popen_options() if runner else {"stdin": subprocess.DEVNULL}
    done: subprocess.CompletedProcess[bytes] = subprocess.run(command, check=False, capture_output=True, **options)
    if done.returncode:
        words = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "error" in line] or ["?"]
        if any("No space left" in line for line in words):
            raise ServerTrouble("磁盘已满，备份没有做成，请先腾出空间。")
        raise ServerTrouble(f"{Path(command[0]).name} 失败：{words[-1].partition(': ')[2] or words[-1]}")
    return str(done.stdout.decode("utf-8", "replace"))


def _first_log(cluster: Path) -> str:
    """The oldest file of the log that a copy needs, from its own label."""
    label = (cluster / "backup_label").read_text(encoding="utf-8")
    return label.partition("(file ")[2].partition(")")[0]


def _sweep(store: BackupStore) -> None:
    """What an interrupted run left."""
    for left in store.folder.glob(f"*{UNFINISHED}"):
        shutil.rmtree(left)


def forget_old(store: BackupStore, keep_days: int, programs: Programs) -> None:
    """Chains whose newest copy is older than the county keeps, then the log that no copy needs any more."""
    chains: list[list[BackupCopy]] = []
    for copy in store.copies():
        if copy.base is None:
            chains.append([copy])
        elif chains:
            chains[-1].append(copy)
    limit = datetime.now(UTC) - timedelta(days=keep_days)
    for chain in chains[:-COPIES_LEAST]:
        if chain[-1].at < limit:
            store.drop(chain[::-1])
    kept = store.copies()
    if kept:
        run_tool(
            [str(programs.postgresql / "pg_archivecleanup"), "--strip-extension=.gz", str(store.log), kept[0].first_log]
        )
