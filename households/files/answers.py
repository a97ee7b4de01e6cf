"""Answers that are files: what they are called, of which kind they are, and whether anybody may keep a copy."""

import json
from collections.abc import Iterable
from typing import cast

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from households.files.exports import Columns, Formats, Notes, Rows, csv_file, xlsx_bytes
from households.files.zips import zipped

KINDS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
    "dkr": "application/octet-stream",  # receipts for the device that asked (scoring.carrying)
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def attachment(body: str | bytes, name: str, *, private: bool = False) -> HttpResponse:
    """A file to keep under `name`, whose ending says of which kind it is."""
    return _file(body, name, private=private, keep=True)


def shown(body: str | bytes, name: str, *, private: bool = False) -> HttpResponse:
    """The same to look at in the browser."""
    return _file(body, name, private=private, keep=False)


def zip_file(files: Iterable[tuple[str, bytes]], name: str) -> HttpResponse:
    """Files of persons as one to keep under `name`, sent as they are read: no cache keeps them."""
    response = StreamingHttpResponse(zipped(files), content_type=KINDS["zip"])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return never_kept(cast(HttpResponse, response))  # what leaves piece by piece has headers like any other


def table(
    form: str,
    columns: Columns,
    rows: Rows,
    *,
    name: str,
    title: str = "",
    notes: Notes = (),
    formats: Formats | None = None,
) -> HttpResponse:
    """Rows as csv or xlsx under `name`; a workbook says its title and notes besides. 404 for another form.

    `formats` says which columns are numbers, and how they are shown.
    """
    if form not in ("csv", "xlsx"):
        raise Http404
    body = csv_file(columns, rows) if form == "csv" else xlsx_bytes(columns, rows, title or name, notes, formats)
    return attachment(body, f"{name}.{form}")


def json_file(content: object, name: str) -> HttpResponse:
    """JSON to keep under `name`."""
    return attachment(json.dumps(content, ensure_ascii=False, indent=1), name)


def _file(body: str | bytes, name: str, *, private: bool, keep: bool) -> HttpResponse:
    response = HttpResponse(body, content_type=KINDS[name.rpartition(".")[2]])
    response["Content-Disposition"] = content_disposition_header(as_attachment=keep, filename=name) or ""
    return never_kept(response) if private else response


def never_kept(response: HttpResponse) -> HttpResponse:
    """About a person: no cache and no search engine keeps it."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response
