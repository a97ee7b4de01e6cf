"""What everybody may read of a village's projects: roles instead of names, firms but no persons."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from rewards.models import Acceptance, PhotoStage, Project, ProjectPhoto
from rewards.project_states import ProjectState

# In the order in which a reader looks for them: what is being built, what was built, what is wanted.
CHAPTERS: tuple[tuple[str, tuple[ProjectState, ...]], ...] = (
    ("正在办", (ProjectState.CHOSEN, ProjectState.APPROVED, ProjectState.BUILDING, ProjectState.ACCEPTED)),
    ("办完了", (ProjectState.CLOSED,)),
    ("还没有办的需求", (ProjectState.LISTED,)),
    ("取消的", (ProjectState.DROPPED,)),
)


@dataclass(frozen=True, slots=True)
class ProjectChapter:
    """Projects of a village that are equally far."""

    title: str
    projects: Sequence[Project]


def projects_of_village(village: str, *, left_out: Collection[int] = ()) -> list[ProjectChapter]:
    """A village's projects with one picture each (`photo`: of the result, before that of the place). One query."""
    photos = ProjectPhoto.objects.filter(project=OuterRef("pk"))
    latest = photos.filter(stage__in=[PhotoStage.AFTER, PhotoStage.BEFORE]).order_by("stage", "-id")
    found = (
        Project.objects.filter(village=village)
        .exclude(pk__in=left_out)
        .annotate(photo=Subquery(latest.values("picture")[:1]))
    )
    every = list(found.order_by("-year", "priority", "-id"))
    chapters = [ProjectChapter(title, [p for p in every if p.stage in states]) for title, states in CHAPTERS]
    return [chapter for chapter in chapters if chapter.projects]


def spent(chapters: Sequence[ProjectChapter]) -> int:
    """Fen paid for all projects of a village."""
    return sum(project.paid_fen for chapter in chapters for project in chapter.projects)


def accepted_by(acceptances: Sequence[Acceptance], round_: int) -> list[tuple[str, int]]:
    """Who accepted, by role: 村务监督委员 2, 乡镇 1. Names are not public."""
    passed = [each for each in acceptances if each.passed and each.round == round_]
    supervisors = sum(each.supervisor for each in passed)
    counted = [("村务监督委员", supervisors), ("乡镇工作人员", len(passed) - supervisors)]
    return [(role, number) for role, number in counted if number]
