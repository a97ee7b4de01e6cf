"""Projects in templates: ``{{ project.cost_fen|wan }}`` and ``{% project_path project.stage path as steps %}``."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from rewards import money
from rewards.project_states import ProjectState

register = template.Library()


@dataclass(frozen=True, slots=True)
class PathStep:
    """One state on the way: behind, here or ahead."""

    label: str
    where: str


@register.filter
def wan(fen: int) -> str:
    """Whole fen as a headline: 5000000 -> 5 万元, 1250 -> 12.50 元."""
    return money.wan(fen)


@register.filter
def in_wan(fen: int) -> str:
    """The same where several amounts stand side by side: always in ten thousands."""
    return money.in_wan(fen)


@register.simple_tag
def project_path(stage: ProjectState, path: Sequence[ProjectState]) -> list[PathStep]:
    """The states of a project's way, each behind, here or ahead; none of it for a dropped one."""
    if stage not in path:
        return []
    here = path.index(stage)
    names = ["behind" if at < here else "here" if at == here else "ahead" for at in range(len(path))]
    return [PathStep(state.label, where) for state, where in zip(path, names, strict=True)]
