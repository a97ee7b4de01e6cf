"""``script/test`` inside the virtual environment: a browser if one can be had, then pytest on servers of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
MOST_PROCESSES = 4
PACKAGES = {
    "chromium": ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/chromium-headless-shell"),
    "fonts-noto-cjk": ("/usr/share/fonts/opentype/noto",),
}


def main(words: list[str]) -> int:
    """Exit code of pytest; its closing line is the last that is printed."""
    signal.signal(signal.SIGTERM, _interrupt)
    install_browser()
    data = Path(tempfile.mkdtemp(prefix="dongkou-test-"))
    data.chmod(0o711)  # as root the servers have a user of their own, who must pass through
    environment = {**os.environ, "DONGKOU_TEST_DATA": str(data)}
    for name in ("DONGKOU_DATA", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    try:
        return pytest(words, environment)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def pytest(words: list[str], environment: dict[str, str]) -> int:
    """Run pytest in the project's folder, and end it if we are ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *sharing(words, environment), *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        return 130


def sharing(words: list[str], environment: Mapping[str, str]) -> list[str]:
    """Arguments that share a whole run among processes, each with servers of its own.

    A part of the tests is sooner done by one process; and processes cannot share a broker that the environment names.
    """
    part = any((ROOT / word.split("::")[0]).exists() for word in words)
    processes = min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
    if part or processes < 2 or any(environment.get(name) for name in ("DATABASE_URL", "REDIS_URL")):
        return []
    return [f"--numprocesses={processes}", "--dist=worksteal"]


def install_browser() -> None:
    """Debian's Chromium and Chinese fonts, when we may install them; one sentence when something stays missing."""
    missing = [name for name, places in PACKAGES.items() if not any(Path(place).exists() for place in places)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"安装 {'、'.join(missing)}……", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
            done = subprocess.run(
                ["apt-get", "--quiet", "--quiet", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                print("\n".join(done.stdout.splitlines()[-5:]), flush=True)
        missing = [name for name, places in PACKAGES.items() if not any(Path(place).exists() for place in places)]
    if missing:
        print(f"缺少 {'、'.join(missing)}，浏览器测试将会失败；请由管理员用 apt-get install 安装。", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
