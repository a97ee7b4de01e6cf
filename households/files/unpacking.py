"""How much a zip file holds, found by unpacking it piece by piece and keeping nothing: what it says of itself may be a lie. Pure."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

MAX_PARTS = 5000  # a workbook has some dozens, and one for each picture in it
_LOCAL_HEADER = struct.Struct("<26xHH")  # lengths of the name and of the extra field
_PIECE, _UNPACKED_AT_ONCE = 1 << 16, 1 << 20


def is_larger(data: bytes, most: int) -> bool:
    """Whether the parts come to more than `most` bytes, or are too many. Raises zip and zlib faults as they are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    total = 0
    for part in parts if len(parts) <= MAX_PARTS else ():
        for size in _sizes(data, part):
            total += size
            if total > most:
                return True
    return len(parts) > MAX_PARTS


def _sizes(data: bytes, part: zipfile.ZipInfo) -> Iterator[int]:
    name, extra = _LOCAL_HEADER.unpack_from(data, part.header_offset)
    start = part.header_offset + _LOCAL_HEADER.size + name + extra
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in a way that no spreadsheet writes")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), _PIECE):
        piece = packed[at : at + _PIECE]
        while piece and not inflate.eof:
            yield len(inflate.decompress(piece, _UNPACKED_AT_ONCE))
            piece = inflate.unconsumed_tail
