"""Photos coming in."""

from django.core.files.base import File

from households.files import cells, images, uploads


def made_anew(upload: "File[bytes]") -> bytes:
    """An uploaded photo as it is kept: its pixels alone, without place, time or device. Refused when it is none."""
    return cells.photo(uploads.content(upload, images.MAX_BYTES, images.too_large)).content
