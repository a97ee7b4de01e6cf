"""The works of a project: milestones, photos, and the word of those who accept them."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.models import User
from households.refusals import Refused
from households.roles import Role
from rewards.models import Acceptance, Milestone, PhotoStage, Picture, Project, ProjectPhoto
from rewards.project_states import Judgement, ProjectAction, acceptance_lacks
from rewards.projects.actions.project_rows import locked, moved_on, said

MAX_MILESTONES = 20
MAX_PHOTOS = 60  # of one project


@transaction.atomic
def plan_milestone(*, project: Project, title: str, due: date, by: User | None) -> Milestone:
    """A step of the works and the day it is due."""
    title = said(title, "节点名称", 40)
    project = locked(project, ProjectAction.PLAN)
    if project.milestones.filter(title=title).exists():
        raise Refused("milestone_twice", f"已经有“{title}”这个节点。", hint="请换一个名称。", status=409)
    if project.milestones.count() >= MAX_MILESTONES:
        raise Refused("milestones_full", f"一个项目最多 {MAX_MILESTONES} 个节点。")
    milestone = Milestone.objects.create(project=project, title=title, due=due)
    moved_on(project, ProjectAction.PLAN, note=f"节点：{title}，{due:%Y-%m-%d} 前完成", by=by)
    return milestone


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User | None) -> None:
    """Take a step out of the plan that is not done and has no photo."""
    project = locked(milestone.project, ProjectAction.PLAN)
    waiting = Milestone.objects.filter(pk=milestone.pk, done_on__isnull=True, photos__isnull=True)
    if not waiting.exists():
        raise Refused("milestone_done", "这个节点已经完成或有照片，不能去掉。", status=409)
    waiting.delete()
    moved_on(project, ProjectAction.PLAN, note=f"去掉节点：{milestone.title}", by=by)


@transaction.atomic
def finish_milestone(*, milestone: Milestone, on: date, note: str = "", by: User | None) -> Milestone:
    """A step is done; once, and not in the future."""
    if on > timezone.localdate():
        raise Refused("future", "完成日期不能晚于今天。", fields={"done_on": "晚于今天"})
    project = locked(milestone.project, ProjectAction.PROGRESS)
    waiting = Milestone.objects.filter(pk=milestone.pk, done_on__isnull=True)
    if not waiting.update(done_on=on, note=note.strip()[:200], done_by=by):
        raise Refused("milestone_done", "这个节点已经登记完成。", hint="请刷新页面。", status=409)
    moved_on(project, ProjectAction.PROGRESS, note=f"{milestone.title}，{on:%Y-%m-%d} 完成", by=by)
    milestone.refresh_from_db()
    return milestone


@transaction.atomic
def add_photo(
    *,
    project: Project,
    picture: Picture,
    stage: str,
    caption: str,
    milestone: Milestone | None = None,
    by: User | None,
) -> ProjectPhoto:
    """A photo for everybody to see. `picture` comes from `rewards.pictures.pictures.keep`, which is called before anything is locked."""
    caption = said(caption, "照片说明", 60)
    elsewhere = milestone and (stage != PhotoStage.DURING or milestone.project_id != project.pk)
    if stage not in PhotoStage.values or elsewhere:
        raise Refused("photo_stage", "请选择照片是施工前、施工中还是完工后拍的。", fields={"stage": "不认识"})
    row = locked(project, ProjectAction.PHOTO)
    if row.photos.count() >= MAX_PHOTOS:
        raise Refused("photos_full", f"一个项目最多 {MAX_PHOTOS} 张照片。", hint="请先删去不需要的。")
    if row.photos.filter(picture=picture, stage=stage).exists():
        raise Refused("photo_twice", "这张照片已经传过了。", hint="请选另一张。", status=409)
    photo = ProjectPhoto.objects.create(
        project=row, picture=picture, stage=stage, caption=caption, milestone=milestone, by=by
    )
    audit.record(by, "project.photo", place=row.village_id, subject=row.pk, stage=stage)
    return photo


@transaction.atomic
def remove_photo(*, photo: ProjectPhoto, reason: str, by: User | None) -> None:
    """Take a photo down (a face, a wrong place): as long as the account is not closed."""
    reason = said(reason, "删去的原因", 200)
    row = locked(photo.project, ProjectAction.PHOTO)
    ProjectPhoto.objects.filter(pk=photo.pk).delete()
    audit.record(by, "project.photo_removed", place=row.village_id, subject=row.pk, reason=reason)


@transaction.atomic
def judge_works(*, project: Project, passed: bool, remarks: str, by: User) -> Acceptance:
    """A supervisor's or the township's word on finished works. The last one needed accepts the project.

    A refusal begins a new round: what others said before it no longer counts. Refused while a milestone is open.
    """
    remarks = said(remarks, "验收意见", 200)
    project = locked(project, ProjectAction.JUDGE)
    if project.milestones.filter(done_on__isnull=True).exists():
        raise Refused("not_finished", "还有节点没有完成，不能验收。", hint="请村里先登记完成。", status=409)
    if project.acceptances.filter(round=project.round, by=by).exists():
        raise Refused("judged_already", "您在这一轮已经填过验收意见。", status=409)
    judgement = Acceptance.objects.create(
        project=project,
        round=project.round,
        by=by,
        supervisor=by.role == Role.SUPERVISOR,
        passed=passed,
        remarks=remarks,
    )
    word = "同意验收" if passed else "要求整改"
    also = {} if passed else {"round": F("round") + 1}
    moved_on(project, ProjectAction.JUDGE, note=f"{by.get_role_display()}{word}：{remarks}", also=also, by=by)
    if passed and not lacking(project):
        moved_on(project, ProjectAction.ACCEPT, note="验收意见齐全，验收合格", by=None)
    return judgement


def lacking(project: Project) -> str:
    """What acceptance still waits for, in Chinese; empty when nothing."""
    said_so = project.acceptances.filter(round=project.round).values_list("by", "supervisor", "passed")
    return acceptance_lacks([Judgement(*each) for each in said_so], supervisors_of(project.village_id))


def supervisors_of(village: str) -> int:
    """How many supervisors a village has at work."""
    return User.objects.filter(division=village, role=Role.SUPERVISOR, is_active=True).count()
