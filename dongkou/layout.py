"""The data folder: what lies where. Plain paths, no Django, nothing is started here."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# A Unix socket's path must fit into 107 bytes (sun_path); PostgreSQL adds "/.s.PGSQL.5432.lock".
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")  # libpq parts an address at commas, and URLs mind other signs
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Layout:
    """Paths below one data folder.

    ``home`` is where the servers, web, worker and beat keep theirs: the data folder itself, or, when their system user
    cannot enter it, the folder that the link ``DATA/servers`` names.
    """

    data: Path

    @property
    def home(self) -> Path:
        link = self.data / "servers"
        return link.resolve() if link.is_symlink() else self.data

    @property
    def postgresql(self) -> Path:
        return self.home / "pg"

    @property
    def postgresql_upgraded(self) -> Path:
        """Where files of another version are made ready, before they take the place of the old ones."""
        return self.home / "pg.upgraded"

    @property
    def valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def sockets(self) -> Path:
        """Folder of the servers' sockets; one elsewhere when the data folder's path is too long or too odd for them."""
        folder = self.home / "run"
        if PLAIN.fullmatch(str(folder)) and len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path("/tmp") / f"dongkou-{fingerprint(self.home)}"  # noqa: S108 (checked for its owner)

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def static(self) -> Path:
        return self.home / "static"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def own_secrets(self) -> Path:
        """What belongs to this folder's servers alone."""
        return self.home / "secrets.json"

    @property
    def secrets(self) -> Path:
        """The keys of the data: beside them, or wherever ``DONGKOU_SECRETS`` says."""
        return Path(os.environ.get("DONGKOU_SECRETS") or self.own_secrets).expanduser().absolute()

    @property
    def demo_accounts(self) -> Path:
        return self.data / "demo-accounts.txt"


def data_folder() -> Path:
    """``DONGKOU_DATA``, or ``var`` beside the program."""
    return Path(os.environ.get("DONGKOU_DATA") or BASE_DIR / "var").expanduser().absolute()


def fingerprint(path: Path) -> str:
    """Twelve hexadecimal digits that stand for a folder's path."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
