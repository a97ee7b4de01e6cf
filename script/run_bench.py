"""``script/bench`` inside the virtual environment: ``manage.py bench`` on a data folder that goes afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    """Exit code of the benchmark."""
    signal.signal(signal.SIGTERM, _interrupt)
    data = Path(tempfile.mkdtemp(prefix="dongkou-bench-"))
    data.chmod(0o711)  # as root the servers have a user of their own, who must pass through
    command = [sys.executable, str(ROOT / "manage.py"), "bench", *words]
    process = subprocess.Popen(command, env={**os.environ, "DONGKOU_DATA": str(data)}, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        return 130
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
