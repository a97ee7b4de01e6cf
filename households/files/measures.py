"""What a picture claims to be, read off its bytes before anything is decoded. Pure.

A decoder does what a file asks of it: a JPEG of 400 KB may ask for 2,500 ways through 59 million pixels. So the marks
between its parts are counted first, as the decoder itself would come across them.
"""

import re
import struct
from dataclasses import dataclass

MAX_PARTS = 3000  # a photo has some dozens, a profile or a second view some hundreds
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA  # of those that are looked for, the first alone has no length
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
# Below 0xC0 no decoder goes on, 0xD0 to 0xD7 stand inside a scan, and 0x00 says that the byte before was a pixel's.
_MARK = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
_FIELDS = struct.Struct(">BHHB")  # precision, height, width, components


@dataclass(frozen=True, slots=True)
class JpegMeasure:
    """`scans` ways through the picture in `parts` marks; `held` bytes are held to the end, because it comes piece by piece."""

    scans: int
    parts: int
    held: int


def jpeg(data: bytes) -> JpegMeasure:
    """The measure of a JPEG up to its first end mark. Counting stops beyond MAX_PARTS; what is damaged gives what was found."""
    scans = parts = whole = 0
    progressive = False
    found = _MARK.search(data, 2)
    while found and parts <= MAX_PARTS:
        kind, at = found[1][0], found.end()
        if kind == _EOI:
            break
        parts += 1
        scans += kind == _SOS
        if kind in _FRAMES:
            whole, progressive = max(whole, _coefficients(data, at)), progressive or kind in _PROGRESSIVE
        length = 0 if kind == _SOI else max(2, int.from_bytes(data[at : at + 2], "big"))
        found = _MARK.search(data, at + length)
    return JpegMeasure(scans, parts, whole if progressive or scans > 1 else 0)


def _coefficients(data: bytes, at: int) -> int:
    """Bytes of the coefficients of all components, of which the coarser ones have fewer."""
    if at + 8 > len(data):
        return 0
    _precision, height, width, count = _FIELDS.unpack_from(data, at + 2)
    factors = [divmod(sampling, 16) for sampling in data[at + 9 : at + 8 + 3 * count : 3]]
    widest = max((across for across, _down in factors), default=1) or 1
    tallest = max((down for _across, down in factors), default=1) or 1
    parts = sum(across * down for across, down in factors)
    return 2 * width * height * parts // (widest * tallest)


def png_parts(data: bytes) -> int:
    """How many parts a PNG has, counted to MAX_PARTS and one; each costs time, however small."""
    at, parts = 8, 0
    while at + 8 <= len(data) and parts <= MAX_PARTS:
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        parts += 1
    return parts
