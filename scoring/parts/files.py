"""The file that holds the household scores of a month: CSV with a heading, by code, gzip; the same rows give the same bytes."""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from households.refusals import Refused

_AT_ONCE = 1 << 20  # bytes


@contextmanager
def written(path: Path) -> Iterator[gzip.GzipFile]:
    """A file for nobody else's eyes, there whole or not at all: what the block raises leaves nothing behind.

    One that is there already must have the same bytes. Refuses what the disk or the folder does not let us do.
    """
    aside = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(aside, flags, 0o600), "wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                yield packed
            raw.flush()
            os.fsync(raw.fileno())
        if path.exists() and digest_of(path) != digest_of(aside):
            raise Refused(
                "file_there",
                f"{path} 已经有了，内容不同，没有动它。",
                hint="它要是没有做完的一次留下的，请移走；不然请换一个文件夹。",
            )
        aside.replace(path)
        _settle(path.parent)
    except OSError as trouble:
        raise Refused("not_written", f"写不了 {path}：{trouble.strerror}。") from trouble
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the disk know the name, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes. Refuses what cannot be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                found.update(part)
    except OSError as trouble:
        raise Refused("not_read", f"读不了 {path}：{trouble.strerror}。") from trouble
    return found.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[gzip.GzipFile]:
    """The lines of a file. Refuses what cannot be read, or breaks off."""
    try:
        with gzip.open(path, "rb") as file:
            yield file
    except (OSError, EOFError) as trouble:
        raise Refused("not_read", f"读不了 {path}：文件不完整。") from trouble
