"""Pictures inside papers: what a camera or a program wrote beside the pixels is cut out, the pixels stay byte for byte. Pure."""

import struct
from collections.abc import Iterator

_SOS, _EOI = 0xDA, 0xD9
_KEPT_APPS = (0xE2, 0xEE)  # colour profile, Adobe's colour transform: without them, and JFIF's 0xE0, colours are wrong
_COMMENT = 0xFE
_JPX_NOTES = (b"xml ", b"uuid", b"uinf")


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without place, time, device, thumbnails, comments. What is no JPEG, or broken, comes back empty."""
    if data[:2] != b"\xff\xd8":
        return b""
    parts, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # padding
            at += 1
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if kind == _SOS:
            return b"".join([*parts, data[at : _end_of_picture(data, end)]])
        is_note = kind == _COMMENT or (0xE1 <= kind <= 0xEF and kind not in _KEPT_APPS)
        parts += [] if is_note else [data[at:end]]
        at = end
    return b""


def _end_of_picture(data: bytes, at: int) -> int:
    """Behind the first end mark: what a camera hung on goes too."""
    found = data.find(bytes([0xFF, _EOI]), at)
    return len(data) if found == -1 else found + 2


def bare_jpx(data: bytes) -> bytes:
    """A JPEG 2000 without its notes; a bare code stream has none."""
    return b"".join(box for kind, box in _boxes(data) if kind not in _JPX_NOTES) if data[4:8] == b"jP  " else data


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 1 and at + 16 <= len(data):
            length = struct.unpack_from(">Q", data, at + 8)[0]
        end = at + length if length >= 8 else len(data)
        yield kind, data[at:end]
        at = end
