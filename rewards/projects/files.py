"""The list of projects as a file: the rows of the screen with its filter."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from households.files.answers import table
from households.files.exports import MONEY
from rewards.models import Project
from rewards.money import yuan
from rewards.projects.reads import ProjectFilter

COLUMNS: dict[str, str] = {
    "township": "乡镇",
    "village": "村",
    "year": "年度",
    "priority": "顺序",
    "title": "项目",
    "kind": "类别",
    "place": "地点",
    "state": "状态",
    "estimate": "估算（元）",
    "budget": "核定（元）",
    "allocated": "已安排（元）",
    "paid": "已付（元）",
    "unpaid": "未付（元）",
    "waits_for": "现在等谁",
}
_MONEY = ("estimate", "budget", "allocated", "paid", "unpaid")


def projects_file(projects: Iterable[Project], wanted: ProjectFilter, form: str) -> HttpResponse:
    """The list as csv or xlsx; 404 for another format."""
    lines = list(rows(projects))
    name = f"村级项目-{timezone.localtime():%Y%m%dT%H%M%S}"
    notes = [("筛选", wanted.sentence), ("条数", str(len(lines)))]
    return table(form, COLUMNS, lines, name=name, title="村级项目", notes=notes, formats=dict.fromkeys(_MONEY, MONEY))


def rows(projects: Iterable[Project]) -> Iterator[dict[str, Any]]:
    """The list as rows of a file; money as on the screen."""
    for project in projects:
        parent = project.village.parent
        yield {
            "township": parent.name if parent else "",
            "village": project.village.name,
            "year": project.year,
            "priority": project.priority,
            "title": project.title,
            "kind": project.get_kind_display(),
            "place": project.place,
            "state": project.stage.label,
            "estimate": yuan(project.estimate_fen),
            "budget": yuan(project.budget_fen) if project.budget_fen else "",
            "allocated": yuan(project.allocated_fen),
            "paid": yuan(project.paid_fen),
            "unpaid": yuan(project.unpaid_fen),
            "waits_for": project.stage.waits_for,
        }
