"""The list of projects as a file: the rows of the screen with its filter."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone

from households.files.exports import FORMATS, attachment, csv_text, xlsx_bytes
from rewards.models import Project
from rewards.projects.reads import COLUMNS, Filter, rows

__all__ = ["FORMATS", "projects_file"]


def projects_file(projects: Iterable[Project], wanted: Filter, form: str) -> HttpResponse:
    """The list as csv or xlsx."""
    lines = list(rows(projects))
    name = f"村级项目-{timezone.localtime():%Y%m%dT%H%M%S}"
    if form == "csv":
        return attachment(csv_text(list(COLUMNS), lines), form, name)
    notes = [("筛选", wanted.sentence), ("条数", str(len(lines)))]
    return attachment(xlsx_bytes(COLUMNS, lines, "村级项目", notes), form, name)
