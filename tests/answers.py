"""What an answer gives away, for tests that somebody is kept out: no status can show that nothing leaked."""

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urljoin

import pypdfium2
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)[^>]*>')
_FILE = re.compile(r"[?&]format=|\.(?:pdf|csv|xlsx|json|txt|zip|svg)(?:\?|$)")


def whole(answer: HttpResponse) -> str:
    """All that an answer says: where it leads, what kind of file it is, and its body as whoever opens it reads it."""
    told = (answer.get(name, "") for name in ("Location", "Content-Type", "Content-Disposition"))
    return " ".join([*told, text_in(answer.getvalue())])


def text_in(body: bytes) -> str:
    """What a person reads in a file: every sheet of a workbook, every page of a PDF, every file of an archive; else itself."""
    if body.startswith(b"%PDF"):
        return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return " ".join(f"{name} {text_in(archive.read(name))}" for name in archive.namelist())
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return " ".join(f"{name} {book.get_sheet_by_name(name).to_python()}" for name in book.sheet_names)
    text = body.decode("utf-8", "replace")
    if text.startswith(("{", "[")):
        try:
            return json.dumps(json.loads(text), ensure_ascii=False)
        except ValueError:
            pass
    return text


def files_on(page: str, address: str) -> Iterator[str]:
    """The files that the page at `address` gives away by a link."""
    for link in dict.fromkeys(_LINK.findall(page)):
        target = urljoin(address, html.unescape(link))
        if target.startswith("/") and not target.startswith("/static/") and _FILE.search(target):
            yield target
