"""Many files as one, sent off as they are made: never more than one of them is held."""

import zipfile
from collections.abc import Iterable, Iterator

from django.utils import timezone


class _Passage:
    """What is written is taken out again at once. It cannot be wound back, which a zip file does not need."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """What came since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A zip file of (name, content), piece by piece. Contents are stored as they are: PDF is compressed already."""
    now, passage = timezone.localtime(), _Passage()
    with zipfile.ZipFile(passage, "w", zipfile.ZIP_STORED) as book:  # type: ignore[call-overload]
        for name, content in files:
            book.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content)
            yield passage.taken()
    yield passage.taken()
