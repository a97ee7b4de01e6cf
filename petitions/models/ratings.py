"""What filers think of the answer: asked through a channel that the handler does not control."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from petitions.models.petitions import Petition
from petitions.sealed import SealedTextField


class Score(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"


class RatedSubject(models.TextChoices):
    """Who is rated: the office that accepted it, the unit that answered it."""

    OFFICE = "office", "信访部门"
    UNIT = "unit", "责任单位"


class Via(models.TextChoices):
    PAGE = "page", "来信人网页"
    CALL_BACK = "call_back", "信访局回访"


class Rating(models.Model):
    """One judgement about one answer (`round`, as in the answer's event). Never changed; `by` is who called back."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    round = models.PositiveSmallIntegerField("第几次答复")
    subject = models.CharField("评价对象", max_length=10, choices=RatedSubject.choices)
    score = models.CharField("评价", max_length=12, choices=Score.choices)
    via = models.CharField("方式", max_length=10, choices=Via.choices)
    comment = SealedTextField("意见（密文）")
    at = models.DateTimeField("评价时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["petition", "round", "subject"]
        verbose_name = "评价"
        constraints = [
            models.UniqueConstraint("petition", "round", "subject", name="rating_once"),
            models.CheckConstraint(name="rating_subject_known", condition=Q(subject__in=RatedSubject.values)),
            models.CheckConstraint(name="rating_score_known", condition=Q(score__in=Score.values)),
            models.CheckConstraint(
                name="rating_from_the_filer_or_by_call",
                condition=Q(via="page", by__isnull=True) | Q(via="call_back", by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"
