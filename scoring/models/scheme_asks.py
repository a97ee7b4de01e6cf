"""A county's own scheme on its way: the file as it was handed in by one person, and what another one decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.scope import Scoped
from scoring.models.point_adjustments import AskState
from scoring.models.schemes import Scheme


class SchemeAsk(models.Model):
    """A scheme as text (TOML), sound when it was handed in. Asked once, decided once, never edited (trigger).

    `code` and `effective_from` are the text's own, for lists. Granted, it is published as `scheme`.
    """

    place = models.CharField("县", max_length=6, db_collation="C")
    code = models.CharField("版本", max_length=20)
    name = models.CharField("名称", max_length=60)
    effective_from = models.CharField("起始月份", max_length=7, db_collation="C")
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=10, choices=AskState.choices, default=AskState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField("提交时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    answer = models.CharField("答复", max_length=100, blank=True)
    scheme = models.OneToOneField(Scheme, on_delete=models.PROTECT, null=True, related_name="asked")

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "细则发布申请"
        constraints = [
            models.CheckConstraint(
                name="scheme_ask_decided_with_state",
                condition=Q(state=AskState.ASKED, decided_by=None, decided_at=None, answer="", scheme=None)
                | Q(state=AskState.GRANTED, decided_by__isnull=False, decided_at__isnull=False, scheme__isnull=False)
                | Q(state=AskState.REFUSED, decided_by__isnull=False, decided_at__isnull=False, scheme=None)
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="scheme_ask_granted_by_another",
                condition=~Q(state=AskState.GRANTED) | ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint("code", condition=Q(state=AskState.ASKED), name="scheme_ask_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"
