"""``script/test`` inside the virtual environment: a browser if one can be had, then pytest on servers of its own.

Without arguments ``script/check`` comes first, and the whole suite but its long part follows. ``--long`` runs the long part,
``--quick`` what a change touches (``--base REV`` says since when); anything else is pytest's.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from script import run_checks
from script.imports import ROOT
from script.prepare import UNPACKED, unpack
from script.selection import NoBase, select

MAX_PROCESSES = 4
MANY = 8  # files or folders that are worth servers for every process
PACKAGES = {
    "chromium-headless-shell": ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"),
    "chromium": ("/usr/bin/chromium", "/usr/bin/chromium-browser"),  # the other one has no camera
    "fonts-noto-cjk": ("/usr/share/fonts/opentype/noto",),
}
INSTEAD = {"chromium-headless-shell": "chromium"}
PROXIES = ("nginx", "caddy")


def main(words: list[str]) -> int:
    """Exit code of the checks if they are not passed, else of pytest; its closing line is the last that is printed."""
    try:
        words = asked(words)
    except NoBase as trouble:
        print(trouble, file=sys.stderr)
        return 2
    if not words and (failed := run_checks.main([])):
        return failed
    return on_servers([*chosen_part(words), *words])


def asked(words: list[str]) -> list[str]:
    """Arguments for pytest: our own options put into its words. Raises NoBase."""
    parser = argparse.ArgumentParser("script/test", add_help=False, allow_abbrev=False)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--base", default="")
    ours, theirs = parser.parse_known_args(words)
    if ours.long:
        theirs = ["-m", "long", *theirs]
    if not (ours.quick or ours.base):
        return theirs
    selection = select(ours.base)
    print(selection.told(), flush=True)
    return [*selection.chosen, *theirs]


def chosen_part(words: list[str]) -> list[str]:
    """The long part runs only when somebody asks for it, or names tests by marks of their own."""
    return [] if any(word == "-m" or word.startswith("-m=") for word in words) else ["-m", "not long"]


def on_servers(words: list[str]) -> int:
    """Run pytest with these arguments on servers of its own."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it, and pytest would too
    install_browser()
    unpack_proxies()
    data = Path(tempfile.mkdtemp(prefix="dongkou-test-"))
    data.chmod(0o711)  # as root the servers have a user of their own, who must pass through
    environment = {**os.environ, "DONGKOU_TEST_DATA": str(data)}
    # Compiled modules are kept: some two hundred processes begin in a run, and each would compile the product anew.
    for name in ("DONGKOU_DATA", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"):
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

    A few files are sooner done by one process; and processes cannot share a broker that the environment names.
    """
    named = sum((ROOT / word.split("::")[0]).exists() for word in words)
    processes = min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    if 0 < named < MANY or processes < 2 or any(environment.get(name) for name in ("DATABASE_URL", "REDIS_URL")):
        return []
    return [f"--numprocesses={processes}", "--dist=worksteal"]


def install_browser() -> None:
    """Debian's Chromium without windows, and Chinese fonts, when we may install them; one sentence when one stays missing.

    Where there is no such package, the whole Chromium.
    """
    may = os.geteuid() == 0 and shutil.which("apt-get")
    for instead in ({}, INSTEAD):
        if (missing := lacking()) and may:
            install([instead.get(name, name) for name in missing])
    if missing := lacking():
        print(f"缺少 {'、'.join(missing)}，浏览器测试将会失败；请由管理员用 apt-get install 安装。", flush=True)


def proxy(name: str) -> str | None:
    """Where nginx or Caddy lies on this machine."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:{UNPACKED}/usr/sbin:{UNPACKED}/usr/bin"
    return shutil.which(name, path=places)


def unpack_proxies() -> None:
    """Debian's nginx and Caddy into a folder of ours; one sentence when one stays missing."""
    for name in PROXIES:
        if not proxy(name) and shutil.which("apt-get"):
            unpack(name)
    if missing := [name for name in PROXIES if not proxy(name)]:
        print(f"缺少 {'、'.join(missing)}，反向代理的测试将会失败；请由管理员安装 Debian 软件包。", flush=True)


def lacking() -> list[str]:
    """Packages that nothing on this machine stands in for."""
    return [name for name, places in PACKAGES.items() if not any(Path(place).exists() for place in places)]


def install(names: list[str]) -> None:
    """Install Debian packages; what apt says last when it fails."""
    print(f"安装 {'、'.join(names)}……", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
