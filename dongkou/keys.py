"""Keys made on the first start and kept in one file, readable by its owner only.

``secret_key`` signs sessions and forms and may be made anew at any time: people sign in again. ``code_key`` is what PINs and
follow codes are kept by, ``field_key`` (32 bytes, URL-safe base64) what telephone numbers and texts are sealed with; it has the
number 1, later ones stand under their numbers in ``field_keys``. One that seals by SM4 begins with ``sm4:``. ``valkey_password``
opens the embedded broker.
"""

import base64
import contextlib
import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from households.sealing.suites import FieldKey, Suite, suite_of

KEY_BYTES = 32
FIRST, LAST = 1, 255  # numbers of field keys: one byte before what is sealed
SITE = ("secret_key", "code_key", "field_key")
VALKEY = ("valkey_password",)


class KeyTrouble(Exception):
    """The keys cannot be read; the message is one sentence for the operator."""


class FieldKeys(dict[int, bytes]):
    """Field keys by number. One that is not known yet is looked for where keys are kept: another process made it."""

    def __init__(self, known: Mapping[int, bytes], path: Path | None = None) -> None:
        super().__init__(known)
        self.path = path

    @property
    def newest(self) -> int:
        """The number of the key that is sealed with."""
        return max(self)

    @property
    def current(self) -> bytes:
        """The key that is sealed with."""
        return self[self.newest]

    def __missing__(self, number: int) -> bytes:
        if self.path is not None:
            self.update(field_keys_in(read_or_make(self.path)) | self)
        if number not in self:
            raise KeyError(number)
        return self[number]


def read_or_make(path: Path, names: tuple[str, ...] = SITE) -> dict[str, Any]:
    """What the file holds, with those of the named keys that it lacked.

    Raises KeyTrouble for a file that cannot be read or was damaged: new keys in its place would make every telephone
    number unreadable for good.
    """
    try:
        found = kept_in(path)
        if found is None or _lacking(found, names):
            with _locked(path):
                found = kept_in(path) or {}
                _write(path, found | _lacking(found, names))
                found = kept_in(path) or {}
        return {**found, **{name: _checked(name, found[name]) for name in names if name in found}}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise KeyTrouble(f"密钥文件 {path} 不能读取（{trouble}），请检查权限或从备份恢复，不要删除它。") from None


def add_field_key(path: Path, suite: Suite = Suite.AES) -> int:
    """Make one more field key, for this suite; returns its number. Raises KeyTrouble when there is no number left."""
    read_or_make(path)
    with _locked(path):
        found = kept_in(path) or {}
        number = max(field_keys_in(found)) + 1
        if number > LAST:
            raise KeyTrouble("字段密钥的编号已用完。")
        later = found.get("field_keys", {}) | {str(number): _new_field_key(suite)}
        _write(path, found | {"field_keys": later})
    return number


def new_secret_key(path: Path) -> None:
    """Make another signing key: everybody signs in again."""
    read_or_make(path)
    with _locked(path):
        _write(path, (kept_in(path) or {}) | {"secret_key": secrets.token_urlsafe(48)})


def field_keys_in(found: Mapping[str, Any]) -> dict[int, bytes]:
    """All field keys of a file by number. ValueError when one is none."""
    later: dict[int, bytes] = {
        int(number): decode_field_key(text) for number, text in found.get("field_keys", {}).items()
    }
    if any(not FIRST < number <= LAST for number in later):
        raise ValueError(f"field keys have numbers from {FIRST} to {LAST}")
    if "field_key" in found or not later:  # the first one goes, too, once nothing lies under it
        later[FIRST] = decode_field_key(found["field_key"])
    return later


def decode_field_key(text: str) -> FieldKey:
    """The 32 bytes behind a key in URL-safe base64, and its suite; ValueError for anything else."""
    suite, colon, encoded = text.rpartition(":")
    key = base64.urlsafe_b64decode(encoded.encode("ascii"))
    if len(key) != KEY_BYTES:
        raise ValueError(f"field key has {len(key)} bytes, not {KEY_BYTES}")
    return FieldKey(key, Suite(suite) if colon else Suite.AES)


def print_of(key: bytes) -> str:
    """What the database keeps of a key, to know it again; it opens nothing and tells nothing of the key."""
    other = b"" if suite_of(key) is Suite.AES else suite_of(key).encode()
    return hmac.digest(key, b"dongkou key print" + other, sha256).hex()[:32]


def _lacking(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """New keys for the names that are missing. Before codes had a key of their own, the signing key was theirs."""
    wanted = [name for name in names if name != "field_key" or not found.get("field_keys")]
    made = {name: _new(name) for name in wanted if name not in found}
    if "code_key" in made and "secret_key" in found:
        made["code_key"] = found["secret_key"]
    return made


def _new(name: str) -> str:
    return _new_field_key() if name == "field_key" else secrets.token_urlsafe(48)


def _new_field_key(suite: Suite = Suite.AES) -> str:
    named = "" if suite is Suite.AES else f"{suite.value}:"
    return named + base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _checked(name: str, text: str) -> str:
    if name == "field_key":
        decode_field_key(text)
    if len(text) < KEY_BYTES:
        raise ValueError(f"{name} is too short")
    return text


def kept_in(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not found:
        raise TypeError("no JSON object with keys")
    if SITE[0] in found or SITE[2] in found:
        field_keys_in(found)
        _checked("secret_key", found["secret_key"])
    return found


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer at a time, so that of two first starts the second finds the first one's keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, keys: Mapping[str, Any]) -> None:
    """Aside, then in place at once; it stays its owner's."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        if os.geteuid() == 0 and path.exists():
            os.chown(file.fileno(), path.stat().st_uid, path.stat().st_gid)
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
