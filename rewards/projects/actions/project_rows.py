"""What all actions on projects share: the locked row, the state that must allow it, the line of history."""

from collections.abc import Mapping
from typing import Any

from households import audit
from households.models import Division, User
from households.refusals import Refused
from rewards.models import BallotOption, Project, ProjectStep
from rewards.project_states import ProjectAction, target, why_not


def locked(project: Project, action: ProjectAction) -> Project:
    """The project's row, locked until the transaction ends. Refused "project_state" (409) when its state forbids `action`."""
    row = Project.objects.select_for_update(of=("self",)).select_related("village").get(pk=project.pk)
    allowed(row, action)
    return row


def allowed(project: Project, action: ProjectAction) -> None:
    """Refuse an action that the project's state does not allow."""
    refused = why_not(action, project.stage)
    if refused:
        raise Refused("project_state", refused, hint="请刷新页面看最新情况。", status=409)


def lock_list(village: Division | str) -> None:
    """Hold the village's list of needs: whoever else changes its order waits."""
    code = village if isinstance(village, str) else village.code
    Division.objects.select_for_update(no_key=True).get(code=code)


def moved_on(
    project: Project,
    action: ProjectAction,
    *,
    note: str = "",
    also: Mapping[str, Any] | None = None,
    by: User | None,
    **detail: Any,
) -> Project:
    """Write the state that `action` leads to (and the columns `also`), the line of history and the line of the audit log.

    `project` is locked and was found to allow it.
    """
    state = target(action, project.stage)
    assert state, "locked() asked for this action"
    changes = {"state": state.value, **(also or {})}
    Project.objects.filter(pk=project.pk).update(**changes)
    for name, value in changes.items():
        setattr(project, name, value)
    ProjectStep.objects.create(project=project, action=action, state=state, note=note[:300], by=by)
    audit.record(by, f"project.{action.value}", place=project.village_id, subject=project.pk, reason=note, **detail)
    return project


def not_being_chosen(project: Project) -> None:
    """Refuse while residents are choosing: what they read must stay what they choose."""
    running = BallotOption.objects.filter(
        project=project, ballot__settled_at__isnull=True, ballot__called_off_at__isnull=True
    )
    if running.exists():
        raise Refused(
            "project_being_chosen",
            "群众正在选择，这个项目现在不能改动。",
            hint="请等选择结果公布，或先作废这次选择。",
            status=409,
        )


def said(text: str, what: str, most: int) -> str:
    """A text that must be there, trimmed; refused when it is empty or longer than `most` characters."""
    text = text.strip()
    if not text or len(text) > most:
        reason = f"请写明{what}。" if not text else f"{what}最多 {most} 个字。"
        raise Refused("text_missing" if not text else "text_too_long", reason)
    return text
