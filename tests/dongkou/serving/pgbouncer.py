"""Debian's PgBouncer, unpacked and not installed, with the settings that we ship, before the session's database."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from dongkou.layout import BASE_DIR
from dongkou.programs import SYSTEM_USER
from script.prepare import UNPACKED, unpack
from tests.dongkou.serving.hosts import listening_on
from tests.processes import free_port
from tests.waiting import until

SHIPPED = BASE_DIR / "docs/deploy/pgbouncer.ini"
PROGRAM = UNPACKED / "usr/sbin/pgbouncer"
SESSIONS = 3
NAME = "pooled"  # by which the database knows its sessions


def fetched() -> bool:
    """Whether it lies on this machine by now."""
    for name in ("pgbouncer", "libc-ares2"):
        if not (UNPACKED / "usr/share/doc" / name).exists():
            unpack(name)
    return PROGRAM.exists()


@contextlib.contextmanager
def pooler() -> Iterator[str]:
    """Address of the database through a pooler with SESSIONS sessions, for the length of a block."""
    folder, port = Path(tempfile.mkdtemp(prefix="dk-pool-")), free_port()
    folder.chmod(0o755)
    (folder / "pgbouncer.ini").write_text(_settings(folder, port), encoding="utf-8")
    (folder / "users.txt").write_text('"dongkou_app" ""\n', encoding="utf-8")
    libraries = [str(path.parent) for path in UNPACKED.glob("usr/lib/*/libcares.so.2")]
    as_user = ["--user", SYSTEM_USER] if os.geteuid() == 0 else []
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [str(PROGRAM), *as_user, str(folder / "pgbouncer.ini")],
            env={**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)},
            stdout=said,
            stderr=said,
        )
    try:
        until(lambda: listening_on(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "said").read_text()
        yield f"postgresql://dongkou_app@127.0.0.1:{port}/{connection.settings_dict['NAME']}?application_name={NAME}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, port: int) -> str:
    """Ours as shipped, but for the names, the place and the number of sessions; nobody has a password here."""
    text, name = SHIPPED.read_text(encoding="utf-8"), connection.settings_dict["NAME"]
    text = text.replace("host=10.0.0.21 port=5432", f"host={connection.settings_dict['HOST']} user=dongkou_app")
    for known, here in (
        (r"^dongkou =", f"{name} ="),
        (r"^dongkou_training =", f"{name}_training ="),
        (r"^listen_port = .*", f"listen_port = {port}\nunix_socket_dir ="),
        (r"^auth_type = .*", "auth_type = any"),
        (r"^auth_file = .*", f"auth_file = {folder}/users.txt"),
        (r"^default_pool_size = .*", f"default_pool_size = {SESSIONS}"),
    ):
        text, changed = re.subn(known, here, text, flags=re.MULTILINE)
        assert changed == 1, known
    return text
