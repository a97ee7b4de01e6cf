"""What a household asks to have corrected about itself."""

from django.db import models
from django.db.models import F, Q

from households.models.division import Household
from households.models.people import User
from households.scope import Scoped
from households.sealing.fields import SealedBytesField


class CorrectionState(models.TextChoices):
    OPEN = "open", "等待答复"
    DONE = "done", "已更正"
    REFUSED = "refused", "没有更正"


class CorrectionRequest(models.Model):
    """One request, answered once by the village. Never deleted; what was written goes with the household's other words."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="corrections")
    state = models.CharField("状态", max_length=10, choices=CorrectionState.choices, default=CorrectionState.OPEN)
    asked = SealedBytesField("请求")
    asked_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    answer = SealedBytesField("答复", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = Scoped.as_manager()
    scope_field = "household"

    class Meta:
        ordering = ["-id"]
        verbose_name = "更正请求"
        constraints = [
            models.CheckConstraint(name="correction_state_known", condition=Q(state__in=CorrectionState.values)),
            models.CheckConstraint(
                name="correction_answered_or_open",
                condition=Q(state="open", answer__isnull=True, answered_by=None, answered_at=None)
                | ~Q(state="open") & Q(answered_by__isnull=False, answered_at__gte=F("asked_at")),
            ),
            models.UniqueConstraint("household", condition=Q(state="open"), name="correction_one_open"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the village still owes the answer."""
        return self.state == CorrectionState.OPEN

    @property
    def asked_words(self) -> str:
        """What the household wrote."""
        return bytes(self.asked).decode()

    @property
    def answer_words(self) -> str:
        """What the village answered; empty while it has not."""
        return bytes(self.answer).decode() if self.answer else ""
