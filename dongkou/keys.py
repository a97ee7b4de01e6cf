"""Keys made on the first start and kept in the data folder, readable by its owner only."""

import base64
import json
import os
import secrets
from pathlib import Path

KEY_BYTES = 32
NAMES = ("secret_key", "field_key")


class KeyTrouble(Exception):
    """The keys cannot be read; the message is one sentence for the operator."""


def read_or_make(path: Path) -> dict[str, str]:
    """The keys by name: ``secret_key`` signs, ``field_key`` (32 bytes, URL-safe base64) encrypts phone numbers.

    Raises KeyTrouble for a file that cannot be read or was damaged: new keys in its place would make every phone number
    unreadable for good.
    """
    try:
        if not path.exists():
            _make(path)
        keys = json.loads(path.read_text(encoding="utf-8"))
        return {name: _checked(name, keys[name]) for name in NAMES}
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise KeyTrouble(f"密钥文件 {path} 不能读取（{trouble}），请检查权限或从备份恢复，不要删除它。") from None


def decode_field_key(text: str) -> bytes:
    """The 32 bytes behind a key in URL-safe base64; ValueError for anything else."""
    key = base64.urlsafe_b64decode(text.encode("ascii"))
    if len(key) != KEY_BYTES:
        raise ValueError(f"field key has {len(key)} bytes, not {KEY_BYTES}")
    return key


def _checked(name: str, text: str) -> str:
    if name == "field_key":
        decode_field_key(text)
    if len(text) < KEY_BYTES:
        raise ValueError(f"{name} is too short")
    return text


def _make(path: Path) -> None:
    """Write aside, then link into place: of two first starts at once the second keeps the first one's keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {
        "secret_key": secrets.token_urlsafe(48),
        "field_key": base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii"),
    }
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
