"""A PDF made anew out of what is seen on the pages of another one. Knows pikepdf, not Django.

Nothing is searched for: what a page shows is copied by a list of what may be there, and the rest has no way in. So no
spelling of a name brings a program, a file, an author or a path along, and no chance byte makes a clean scan suspicious.
`cleaned` is the whole of it, bytes in and bytes out.
"""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from households.files.bare_pictures import bare_jpeg, bare_jpx

MAX_PAGES = 200
MAX_PICTURE = 60_000_000  # bytes of one picture that was packed twice

_PAGE = "Type Contents Resources MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Group"
_MARKS = (  # annotations that show something
    "Highlight Underline StrikeOut Squiggly Text FreeText Line Square Circle Polygon PolyLine Stamp Ink Caret Widget"
)
_MARK = "Type Subtype Rect F AP AS Border BS BE C IC CA Contents QuadPoints InkList L LE Vertices DA Q Name"
_BESIDE_A_STREAM = (  # what hangs on pictures and drawings without being seen
    "Metadata PieceInfo LastModified OPI Ref AF Alternates Measure PtData F FFilter FDecodeParms StructParent StructParents"
)
_BESIDE_ANYTHING = "Metadata PieceInfo Usage"
_PHOTOS = {"/DCTDecode": bare_jpeg, "/DCT": bare_jpeg, "/JPXDecode": bare_jpx}
_FLATE = ("/FlateDecode", "/Fl")
_TROUBLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, zlib.error)


class Unfit(Exception):
    """No paper can be made of it. `code` is `locked`, `empty`, `long` or `broken`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cleaned(data: bytes) -> bytes:
    """The same pages in a new file, the same each time. A damaged file is mended as viewers do. Raises Unfit."""
    try:
        with Pdf.open(io.BytesIO(data)) as old:
            return _rebuilt(old)
    except pikepdf.PasswordError as trouble:
        raise Unfit("locked") from trouble
    except _TROUBLE as trouble:
        raise Unfit("broken") from trouble


def _rebuilt(old: Pdf) -> bytes:
    count = len(old.pages)
    if not 0 < count <= MAX_PAGES:
        raise Unfit("long" if count else "empty")
    new, seen = Pdf.new(), set[tuple[int, int]]()
    for page in old.pages:
        _reduce(page.obj, seen)
        new.pages.append(page)
    file = io.BytesIO()
    new.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return file.getvalue()


def _reduce(page: Object, seen: set[tuple[int, int]]) -> None:
    """Leave of a page what is seen on it, before anything of it is copied."""
    marks = page.get("/Annots", Array())
    _keep_only(page, _names(_PAGE))
    seen_marks = [_mark(each) for each in marks if _is_mark(each)] if isinstance(marks, Array) else []
    page.Annots = Array(seen_marks)
    for found in _below(page, seen):
        is_stream = isinstance(found, Stream)
        for key in _names(_BESIDE_A_STREAM if is_stream else _BESIDE_ANYTHING) & set(found.keys()):
            del found[key]
        if is_stream:
            _bare(found)


def _names(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


def _is_mark(given: Object) -> bool:
    return isinstance(given, Dictionary) and str(given.get("/Subtype", "")) in _names(_MARKS)


def _mark(given: Object) -> Dictionary:
    """An annotation as a thing to look at: a filled field becomes a stamp, whoever made it is nobody."""
    mark = Dictionary({key: given[key] for key in set(given.keys()) & _names(_MARK)})
    if mark.Subtype == Name.Widget:
        mark.Subtype = Name.Stamp if "/AP" in mark else Name.FreeText
        if "/AP" not in mark:
            mark.Contents = String(_value_of(given))
    return mark


def _value_of(field: Object) -> str:
    """What was filled in; a field may leave it to the one above."""
    for _ in range(8):
        if "/V" in field:
            return str(field.V)
        if "/Parent" not in field:
            break
        field = field.Parent
    return ""


def _keep_only(found: Object, keys: frozenset[str]) -> None:
    for key in set(found.keys()) - keys:
        del found[key]


def _below(start: Object, seen: set[tuple[int, int]]) -> Iterator[Object]:
    """Every dictionary and stream that a page needs, each once."""
    waiting: list[Any] = [start]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Object) and found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, Dictionary | Stream):
            yield found
            waiting += [found[str(key)] for key in found]
        elif isinstance(found, Array):
            waiting += list(found)


def _bare(stream: Object) -> None:
    """A photo inside keeps its pixels and loses place, time and device."""
    filters = stream.get("/Filter", Array())
    packed = [str(each) for each in (filters if isinstance(filters, Array) else [filters])]
    strip = _PHOTOS.get(packed[-1]) if packed else None
    if strip is None:
        return
    data = stream.read_raw_bytes()
    for each in packed[:-1]:
        if each not in _FLATE:
            raise ValueError("no program packs photos like this")
        data = zlib.decompressobj().decompress(data, MAX_PICTURE)
    how: Any = stream.get("/DecodeParms") if len(packed) == 1 else None
    stream.write(strip(data), filter=Name(packed[-1]), decode_parms=how)
