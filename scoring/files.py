"""Answers that are files to keep."""

import json

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def json_file(content: object, name: str) -> HttpResponse:
    """JSON to keep under `name`."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
