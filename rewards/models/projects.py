"""A village's projects: the list of needs, what became of each, its milestones, photos and acceptance. Money is whole fen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from households.codes import Level
from households.models import Division
from households.scope import Scoped
from rewards.models.pictures import Picture
from rewards.project_states import ProjectAction, ProjectState

_BY = settings.AUTH_USER_MODEL


class ProjectKind(models.TextChoices):
    ROAD = "road", "道路桥梁"
    WATER = "water", "水利沟渠"
    DRINKING = "drinking", "安全饮水"
    LIGHT = "light", "路灯照明"
    CLEAN = "clean", "环境卫生"
    CULTURE = "culture", "文化体育"
    SAFETY = "safety", "安全设施"
    OTHER = "other", "其他"


class Project(models.Model):
    """One need of a village. `priority` is its place (from 1) in the village's list of a year; a dropped one has none.

    `budget_fen` is what was approved; allocations and payments only grow inside it: paid <= allocated <= budget by
    constraint, and both sums equal their rows when a transaction commits (trigger). `round` counts the rounds of acceptance.
    """

    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="projects")
    year = models.PositiveSmallIntegerField("年度")
    priority = models.PositiveSmallIntegerField("紧迫顺序", null=True, blank=True)
    kind = models.CharField("类别", max_length=10, choices=ProjectKind.choices)
    title = models.CharField("项目名称", max_length=40)
    purpose = models.CharField("解决什么问题", max_length=300)
    place = models.CharField("地点", max_length=80)
    estimate_fen = models.BigIntegerField("估算（分）")
    budget_fen = models.BigIntegerField("核定（分）", null=True, blank=True)
    approval_no = models.CharField("立项文号", max_length=60, blank=True)
    allocated_fen = models.BigIntegerField("已安排（分）", default=0)
    paid_fen = models.BigIntegerField("已付（分）", default=0)
    state = models.CharField("状态", max_length=10, default=ProjectState.LISTED)
    drop_reason = models.CharField("取消原因", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField("第几轮验收", default=1)
    created_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["village", "-year", F("priority").asc(nulls_last=True), "id"]
        verbose_name = "村级项目"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year", "priority"],
                name="project_priority_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="project_of_a_village", condition=Q(Exact(Length("village"), Level.VILLAGE.code_length))
            ),
            models.CheckConstraint(name="project_year_known", condition=Q(year__range=(2000, 2999))),
            models.CheckConstraint(name="project_kind_known", condition=Q(kind__in=ProjectKind.values)),
            models.CheckConstraint(name="project_described", condition=~Q(title="") & ~Q(purpose="") & ~Q(place="")),
            models.CheckConstraint(name="project_estimate_positive", condition=Q(estimate_fen__gt=0)),
            models.CheckConstraint(
                name="project_state_known", condition=Q(state__in=[state.value for state in ProjectState])
            ),
            models.CheckConstraint(
                name="project_dropped_says_why",
                condition=Q(state=ProjectState.DROPPED, priority__isnull=True) & ~Q(drop_reason="")
                | ~Q(state=ProjectState.DROPPED) & Q(priority__isnull=False, priority__gte=1, drop_reason=""),
            ),
            models.CheckConstraint(
                name="project_budget_comes_with_approval",
                condition=Q(budget_fen__isnull=True, approval_no="", allocated_fen=0)
                | Q(budget_fen__gt=0) & ~Q(approval_no="") & ~Q(state__in=[ProjectState.LISTED, ProjectState.CHOSEN]),
            ),
            models.CheckConstraint(
                name="project_budget_before_work",
                condition=Q(budget_fen__isnull=False)
                | Q(state__in=[ProjectState.LISTED, ProjectState.CHOSEN, ProjectState.DROPPED]),
            ),
            # NULL would let a CHECK pass, so a project without a budget is asked about by itself above.
            models.CheckConstraint(
                name="project_paid_within_allocated_within_budget",
                condition=Q(paid_fen__gte=0, paid_fen__lte=F("allocated_fen"))
                & (Q(budget_fen__isnull=True) | Q(allocated_fen__lte=F("budget_fen"))),
            ),
            models.CheckConstraint(
                name="project_dropped_costs_nothing",
                condition=~Q(state=ProjectState.DROPPED) | Q(allocated_fen=0, paid_fen=0),
            ),
            models.CheckConstraint(
                name="project_closed_is_paid",
                condition=~Q(state=ProjectState.CLOSED) | Q(paid_fen=F("allocated_fen"), paid_fen__gt=0),
            ),
        ]
        indexes = [models.Index("state", "village", name="project_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> ProjectState:
        """The state as the pure rules know it."""
        return ProjectState(self.state)

    @property
    def is_listed(self) -> bool:
        """Whether it still waits on the list of needs."""
        return self.state == ProjectState.LISTED

    @property
    def is_building(self) -> bool:
        return self.state == ProjectState.BUILDING

    @property
    def is_dropped(self) -> bool:
        return self.state == ProjectState.DROPPED

    @property
    def cost_fen(self) -> int:
        """What was approved, before that the estimate."""
        return self.budget_fen or self.estimate_fen

    @property
    def unpaid_fen(self) -> int:
        """What was allocated and is not paid yet."""
        return self.allocated_fen - self.paid_fen


class ProjectStep(models.Model):
    """One line of a project's history: what was done, when, by whom. Append-only."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField("做了什么", max_length=10)
    state = models.CharField("之后的状态", max_length=10)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "项目经过"

    def __str__(self) -> str:
        return f"{self.project_id} {self.action}"

    @property
    def label(self) -> str:
        """What was done, in Chinese."""
        return ProjectAction(self.action).label


class Milestone(models.Model):
    """A step of the works with the day it is due; done once."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField("节点", max_length=40)
    due = models.DateField("计划完成日期")
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("情况说明", max_length=200, blank=True)
    done_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due", "id"]
        verbose_name = "项目节点"
        constraints = [
            models.UniqueConstraint("project", "title", name="milestone_title_once"),
            models.CheckConstraint(name="milestone_named", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class PhotoStage(models.TextChoices):
    BEFORE = "before", "施工前"
    DURING = "during", "施工中"
    AFTER = "after", "完工后"
    ACCEPTANCE = "acceptance", "验收"


class ProjectPhoto(models.Model):
    """A photo of a project, open to everybody: of the place before, of the works (with the milestone), of the result."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="photos")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")
    stage = models.CharField("阶段", max_length=10, choices=PhotoStage.choices)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=60)
    by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "项目照片"
        constraints = [
            models.UniqueConstraint("project", "picture", "stage", name="photo_once_per_stage"),
            models.CheckConstraint(name="photo_stage_known", condition=Q(stage__in=PhotoStage.values)),
            models.CheckConstraint(name="photo_says_what", condition=~Q(caption="")),
            models.CheckConstraint(
                name="photo_of_milestone_is_of_the_works",
                condition=Q(milestone__isnull=True) | Q(stage=PhotoStage.DURING),
            ),
        ]

    def __str__(self) -> str:
        return self.caption


class Acceptance(models.Model):
    """One person's word on finished works. Append-only; a refusal begins a new round."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField("第几轮")
    by = models.ForeignKey(_BY, on_delete=models.PROTECT, related_name="+")
    supervisor = models.BooleanField("村务监督委员")
    passed = models.BooleanField("同意验收")
    remarks = models.CharField("验收意见", max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "验收意见"
        constraints = [
            models.UniqueConstraint("project", "round", "by", name="acceptance_once_per_round"),
            models.CheckConstraint(name="acceptance_has_remarks", condition=~Q(remarks="")),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.round} {self.passed}"
