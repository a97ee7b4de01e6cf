"""A project's way: onto the list of needs, up and down in it, approved, begun, closed with its account, or dropped."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Max

from households import audit
from households.codes import Level, is_level
from households.models import Division, User
from households.refusals import Refused
from rewards.models import Project, ProjectKind, ProjectStep
from rewards.money import yuan
from rewards.project_states import ProjectAction, moved
from rewards.projects.actions.project_rows import lock_list, locked, moved_on, not_being_chosen, said

WRITTEN = {"kind": "类别", "title": "项目名称", "purpose": "解决什么问题", "place": "地点", "estimate_fen": "估算"}
MAX_NEEDS = 200  # in one village's list of a year; a list nobody can read helps nobody


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """What a village writes about one need. `estimate_fen` in whole fen."""

    kind: str
    title: str
    purpose: str
    place: str
    estimate_fen: int

    def checked(self) -> "NeedDraft":
        """The same, trimmed; Refused when something is missing or cannot be."""
        if self.kind not in ProjectKind.values:
            raise Refused("project_kind", "请选择项目类别。", fields={"kind": "不认识的类别"})
        if self.estimate_fen <= 0:
            raise Refused("estimate", "估算金额要大于 0。", fields={"estimate": "要大于 0"})
        return NeedDraft(
            self.kind,
            said(self.title, "项目名称", 40),
            said(self.purpose, "解决什么问题", 300),
            said(self.place, "地点", 80),
            self.estimate_fen,
        )


@transaction.atomic
def list_need(*, village: Division, year: int, need: NeedDraft, by: User | None) -> Project:
    """Put a need at the end of the village's list of a year."""
    if not is_level(village.code, Level.VILLAGE):
        raise Refused("not_a_village", "项目要列在村的清单里。")
    need = need.checked()
    lock_list(village)
    listed = Project.objects.filter(village=village, year=year, priority__isnull=False)
    if listed.count() >= MAX_NEEDS:
        raise Refused("list_full", f"一年的清单最多列 {MAX_NEEDS} 项。", hint="请先取消不再需要的。")
    last = listed.aggregate(last=Max("priority"))["last"] or 0
    project = Project.objects.create(village=village, year=year, priority=last + 1, created_by=by, **asdict(need))
    ProjectStep.objects.create(project=project, action=ProjectAction.LIST, state=project.state, by=by)
    audit.record(by, "project.list", place=village.code, subject=project.pk)
    return project


@transaction.atomic
def edit_need(*, project: Project, need: NeedDraft, by: User | None) -> Project:
    """Change what is written about a need that is still on the list and not being chosen."""
    need = need.checked()
    project = locked(project, ProjectAction.EDIT)
    not_being_chosen(project)
    changed = {name: value for name, value in asdict(need).items() if getattr(project, name) != value}
    if not changed:
        return project
    names = "、".join(WRITTEN[name] for name in changed)
    return moved_on(project, ProjectAction.EDIT, note=f"修改了{names}", also=changed, by=by)


@transaction.atomic
def move_need(*, project: Project, up: bool, by: User | None) -> Project:
    """Make a need one place more (or less) urgent; at the end of the list nothing happens."""
    lock_list(project.village_id)
    project = locked(project, ProjectAction.MOVE)
    order = _order_of(project.village_id, project.year)
    after = moved(order, project.pk, up)
    if after != order:
        _renumber(after)
        audit.record(by, "project.move", place=project.village_id, subject=project.pk, up=up)
    project.refresh_from_db(fields=["priority"])
    return project


def _order_of(village: str, year: int) -> list[int]:
    listed = Project.objects.filter(village=village, year=year, priority__isnull=False)
    return list(listed.order_by("priority").values_list("pk", flat=True))


def _renumber(order: list[int]) -> None:
    """Number the list 1..n. The constraint on priorities waits for the end of the transaction."""
    for number, pk in enumerate(order, start=1):
        Project.objects.filter(pk=pk).exclude(priority=number).update(priority=number)


@transaction.atomic
def approve_project(*, project: Project, budget_fen: int, approval_no: str, by: User | None) -> Project:
    """立项: a project that residents chose gets its approved amount and the number of the document."""
    approval_no = said(approval_no, "立项文号", 60)
    if budget_fen <= 0:
        raise Refused("budget", "核定金额要大于 0。", fields={"budget": "要大于 0"})
    project = locked(project, ProjectAction.APPROVE)
    note = f"{approval_no}，核定 {yuan(budget_fen)} 元"
    also = {"budget_fen": budget_fen, "approval_no": approval_no}
    return moved_on(project, ProjectAction.APPROVE, note=note, also=also, by=by)


@transaction.atomic
def return_project(*, project: Project, reason: str, by: User | None) -> Project:
    """Send a chosen project back to the list of needs with a reason."""
    reason = said(reason, "退回的原因", 200)
    return moved_on(locked(project, ProjectAction.RETURN), ProjectAction.RETURN, note=reason, by=by)


@transaction.atomic
def start_project(*, project: Project, by: User | None) -> Project:
    """Begin the works: once money has been allocated and the steps are planned."""
    project = locked(project, ProjectAction.START)
    if not project.allocated_fen:
        raise Refused("no_money", "还没有安排资金，不能开工。", hint="请等县六零办安排资金。", status=409)
    if not project.milestones.exists():
        raise Refused("no_milestones", "还没有安排节点，不能开工。", hint="请先写明分几步、各在哪天完成。")
    return moved_on(project, ProjectAction.START, by=by)


@transaction.atomic
def close_project(*, project: Project, by: User | None) -> Project:
    """决算公示: the account of an accepted project is complete; nothing may be left unpaid."""
    project = locked(project, ProjectAction.CLOSE)
    if not project.paid_fen:
        raise Refused("nothing_paid", "还没有付过款，不能办理决算。", hint="请先登记付款。", status=409)
    if project.unpaid_fen:
        hint = "请付清，或把用不完的收回。"
        raise Refused("money_left", f"还有 {yuan(project.unpaid_fen)} 元没有付。", hint=hint, status=409)
    return moved_on(project, ProjectAction.CLOSE, note=f"决算 {yuan(project.paid_fen)} 元", by=by)


@transaction.atomic
def drop_project(*, project: Project, reason: str, by: User | None) -> Project:
    """Give a project up, with a reason; those behind it in the list move up. Its money must have been taken back before."""
    reason = said(reason, "取消的原因", 200)
    lock_list(project.village_id)
    project = locked(project, ProjectAction.DROP)
    not_being_chosen(project)
    if project.allocated_fen:
        hint = "请县六零办先冲正付款、收回资金。"
        raise Refused("money_in_it", f"已经安排了 {yuan(project.allocated_fen)} 元，不能取消。", hint=hint, status=409)
    behind = Project.objects.filter(village=project.village_id, year=project.year, priority__gt=project.priority)
    behind.update(priority=F("priority") - 1)
    also = {"priority": None, "drop_reason": reason}
    return moved_on(project, ProjectAction.DROP, note=reason, also=also, by=by)
