"""Files that pages give away, as the person sees them who opens one."""

import csv
import io
from collections.abc import Mapping

from django.http import HttpResponse


def rows_of(answer: HttpResponse, columns: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of a CSV for people by key: it bears the mark that Excel needs, and these Chinese headings in this order."""
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert header == list(columns.values())
    return [dict(zip(columns, row, strict=True)) for row in rows]
