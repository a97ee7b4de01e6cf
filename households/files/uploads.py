"""Files coming in: how large one is, is asked before it is read into memory."""

from collections.abc import Callable

from django.core.files.base import File

from households.refusals import Refused


def is_too_large(upload: "File[bytes]", most: int) -> bool:
    """Whether it has more than `most` bytes, as counted while it came in."""
    return (upload.size or 0) > most


def content(upload: "File[bytes]", most: int, too_large: Callable[[int], Refused]) -> bytes:
    """The bytes of an upload. Of one beyond `most` none is read; `too_large` makes the refusal out of its size."""
    if is_too_large(upload, most):
        raise too_large(upload.size or 0)
    return upload.read()
