"""Where the processes of one web server count together. Plain paths."""

import os
import shutil
from pathlib import Path

from dongkou.programs import Runner

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads it when it is imported


def begin(home: Path, runner: Runner) -> dict[str, str]:
    """An empty folder for a web server that is about to start; what its processes find in their environment."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if runner.switched:
        os.chown(folder, runner.uid, runner.gid)
    return {FOLDER: str(folder)}
