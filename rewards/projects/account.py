"""One project opened: its money by award and source, its milestones and photos, its acceptance and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Sum

from rewards.awards.suspension import suspended_among
from rewards.models import (
    Acceptance,
    Allocation,
    Award,
    FundSource,
    Milestone,
    Payment,
    PhotoStage,
    Project,
    ProjectPhoto,
    ProjectStep,
)
from rewards.project_states import Judgement, acceptance_lacks, payable
from rewards.projects.actions.works import supervisors_of


@dataclass(frozen=True, slots=True)
class Backing:
    """What one award gives to the project, whose money the award is made of, and whether it is suspended."""

    award: Award
    fen: int
    sources: tuple[str, ...]
    suspended: bool


@dataclass(frozen=True, slots=True)
class ProjectAccount:
    """Everything about a project. Photos come with their milestones too."""

    project: Project
    backings: list[Backing]
    allocations: list[Allocation]
    payments: list[Payment]
    milestones: list[Milestone]
    photos: list[ProjectPhoto]
    acceptances: list[Acceptance]
    steps: list[ProjectStep]
    supervisors: int

    @property
    def suspended(self) -> bool:
        """Whether money in it comes from an award on which the county has to decide."""
        return any(backing.suspended for backing in self.backings)

    @property
    def payable_fen(self) -> int:
        project = self.project
        return 0 if self.suspended else payable(project.allocated_fen, project.paid_fen, project.stage)

    @property
    def lacks(self) -> str:
        """What the acceptance under way still waits for."""
        now = [each for each in self.acceptances if each.round == self.project.round]
        judgements = [Judgement(each.by_id, each.supervisor, each.passed) for each in now]
        return acceptance_lacks(judgements, self.supervisors)

    @property
    def before(self) -> list[ProjectPhoto]:
        return self.photos_of(PhotoStage.BEFORE)

    @property
    def after(self) -> list[ProjectPhoto]:
        return self.photos_of(PhotoStage.AFTER)

    @property
    def others(self) -> list[ProjectPhoto]:
        """Photos of the works without a milestone, and of the acceptance."""
        return [p for p in self.photos if p.stage not in (PhotoStage.BEFORE, PhotoStage.AFTER) and not p.milestone_id]

    def photos_of(self, stage: str) -> list[ProjectPhoto]:
        return [photo for photo in self.photos if photo.stage == stage]

    def late(self, on: date) -> list[Milestone]:
        """Milestones whose day has passed."""
        return [milestone for milestone in self.milestones if milestone.done_on is None and milestone.due < on]


def account_of(project: Project) -> ProjectAccount:
    """The project with all that belongs to it; the number of queries does not depend on how much there is."""
    photos = list(project.photos.all())
    milestones = Milestone.objects.filter(project=project).prefetch_related(
        Prefetch("photos", queryset=ProjectPhoto.objects.order_by("id"))
    )
    return ProjectAccount(
        project=project,
        backings=backings_of(project),
        allocations=list(project.allocations.select_related("award", "by")),
        payments=list(project.payments.select_related("by", "reversal", "reverses")),
        milestones=list(milestones),
        photos=photos,
        acceptances=list(project.acceptances.select_related("by")),
        steps=list(project.steps.select_related("by")),
        supervisors=supervisors_of(project.village_id),
    )


def backings_of(project: Project) -> list[Backing]:
    """The awards whose money is in the project, with the departments behind each fund."""
    sums = project.allocations.order_by().values("award").annotate(left=Sum("fen")).filter(left__gt=0)
    given = dict(sums.values_list("award", "left"))
    awards = list(Award.objects.filter(pk__in=given).select_related("fund", "run").order_by("pk"))
    sources = sources_of(awards)
    suspended = suspended_among(awards)
    return [Backing(award, given[award.pk], sources.get(award.fund_id, ()), award.pk in suspended) for award in awards]


def sources_of(awards: Sequence[Award]) -> dict[int, tuple[str, ...]]:
    """The departments that put money into each award's fund, by fund."""
    funds = {award.fund_id for award in awards}
    found = FundSource.objects.filter(fund__in=funds).order_by("id").values_list("fund", "department__name")
    names: dict[int, dict[str, None]] = {}
    for fund, name in found:
        names.setdefault(fund, {})[name] = None
    return {fund: tuple(each) for fund, each in names.items()}
