"""The scheme: which six zeros are to be held, what share each has, and which clauses apply."""

from django.db import models
from django.db.models import Q

from scoring.rules import Kind


class Subject(models.TextChoices):
    HOUSEHOLD = "household", "户"
    DIVISION = "division", "组、村、乡镇"
    BOTH = "both", "户或组、村、乡镇"


class Recorder(models.TextChoices):
    """The least role that may record a clause; see `scoring.schemes.recorders` for who else may."""

    LEADER = "leader", "组长、村干部"
    CADRE = "cadre", "村干部"
    TOWNSHIP = "township", "乡镇"
    DEPARTMENT = "department", "县直部门"
    PETITION_OFFICE = "petition_office", "信访局"
    COUNTY_OFFICE = "county_office", "县六零办"


class Scheme(models.Model):
    """One version of the rules, in force from a month on. A published scheme never changes (trigger)."""

    code = models.CharField("版本", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    effective_from = models.CharField("起始月份", max_length=7, db_collation="C", unique=True)
    note = models.TextField("说明", blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        ordering = ["effective_from"]
        verbose_name = "考核细则"

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One of the six zeros, with its share of the base of 100."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="indicators")
    position = models.PositiveSmallIntegerField("次序")
    code = models.CharField("代码", max_length=20)
    name = models.CharField("名称", max_length=10)
    lamp = models.CharField("灯上的字", max_length=2)
    share = models.PositiveSmallIntegerField("分值")

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name = "指标"
        constraints = [
            models.UniqueConstraint("scheme", "position", name="indicator_position_once"),
            models.UniqueConstraint("scheme", "code", name="indicator_code_once"),
            models.CheckConstraint(name="indicator_is_one_of_six", condition=Q(position__range=(1, 6))),
            models.CheckConstraint(name="indicator_share_of_100", condition=Q(share__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return self.name


class Clause(models.Model):
    """A sentence of the scheme that an event can be recorded under."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="clauses")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="clauses")
    code = models.CharField("条款", max_length=20)
    text = models.CharField("内容", max_length=200)
    kind = models.CharField("类别", max_length=10, choices=[(k.value, k.label) for k in Kind])
    points = models.PositiveSmallIntegerField("分值")
    subject = models.CharField("适用对象", max_length=10, choices=Subject.choices)
    recorder = models.CharField("登记人", max_length=20, choices=Recorder.choices)
    document_required = models.BooleanField("须有文书号", default=False)
    second_person = models.BooleanField("须第二人确认", default=False)
    basis = models.CharField("依据", max_length=100, blank=True)

    class Meta:
        ordering = ["indicator__position", "code"]
        verbose_name = "条款"
        constraints = [
            models.UniqueConstraint("scheme", "code", name="clause_code_once"),
            models.CheckConstraint(
                name="clause_points_fit_kind",
                condition=Q(kind=Kind.REMIND, points=0) | Q(kind__in=[Kind.DEDUCT, Kind.BONUS], points__gt=0),
            ),
            models.CheckConstraint(name="clause_subject_known", condition=Q(subject__in=Subject.values)),
            models.CheckConstraint(name="clause_recorder_known", condition=Q(recorder__in=Recorder.values)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def for_places_alone(self) -> bool:
        return self.subject == Subject.DIVISION

    @property
    def for_places(self) -> bool:
        return self.subject in (Subject.DIVISION, Subject.BOTH)
