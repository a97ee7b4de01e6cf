"""How the embedded PostgreSQL hands its log over to where backups lie. No Django."""

import os
from pathlib import Path

from dongkou.backup.store import open_store
from dongkou.programs import Runner


def archiving(runner: Runner) -> dict[str, str]:
    """Settings by which each finished file of the log goes to where backups lie, at least every five minutes."""
    if not os.environ.get("DONGKOU_BACKUP"):
        return {"archive_mode": "off"}
    log = open_store(Path(os.environ["DONGKOU_BACKUP"]).expanduser().absolute(), runner).log
    there, aside = f"{log}/%f.gz", f"{log}/%f.part"
    again = f'test -f {there} && gzip -dc < {there} | cmp -s - "%p"'  # handed over once more after a crash
    once = f'test ! -f {there} && gzip -1 < "%p" > {aside} && sync {aside} && mv {aside} {there}'
    return {"archive_mode": "on", "archive_timeout": "5min", "archive_command": f"'{again} || {once}'"}
