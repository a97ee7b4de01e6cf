"""Published words that must not stay: withheld by two people, replaced by words of a list (docs/adr/0031)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from scoring.models.accounts import PointEntry
from scoring.models.results import RankingSnapshot
from scoring.reasons import ALL_CHOICES
from scoring.states import WITHHOLDING_LABELS, WithholdingState

_OPEN_OR_DONE = Q(state__in=[WithholdingState.ASKED.value, WithholdingState.GRANTED.value])


class LegalGround(models.TextChoices):
    """By which law words go. Our reading of the articles, until a lawyer confirms it."""

    ERASURE = "erasure", "个人信息保护法第四十七条：应当删除的个人信息"
    SENSITIVE = "sensitive", "个人信息保护法第二十八条：敏感个人信息"
    PRIVACY = "privacy", "政府信息公开条例第十五条：个人隐私"
    INFORMER = "informer", "信访工作条例：检举、控告的情况不得透露"
    SEALED = "sealed", "治安管理处罚法第一百三十六条：应当封存的记录"


class Withholding(models.Model):
    """The words of one entry or of one archived ranking, to be replaced. Asked once, decided once, never edited (trigger).

    `digest` is what stays of them: of an entry its leaf, which the chain of points was made with; of a ranking's reason its
    SHA-256. `shown` is the version that stands in their place, `after` the leaf of the entry with it: the chain does not hold
    the figures of such a row any more, this does. `why` is for those who decide.
    """

    entry = models.ForeignKey(PointEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ranking = models.ForeignKey(RankingSnapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField("所在地代码", max_length=20, db_collation="C", blank=True)
    digest = models.BinaryField("原文指纹", max_length=32)
    after = models.BinaryField("替换后的行指纹", max_length=32, null=True, blank=True)
    shown = models.CharField("替换的文字", max_length=200)
    public_reason = models.CharField("公开的原因", max_length=20, choices=ALL_CHOICES)
    ground = models.CharField("法律依据", max_length=20, choices=LegalGround.choices)
    why = models.CharField("为什么", max_length=200)
    state = models.CharField("状态", max_length=10, default=WithholdingState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.CharField("不同意的原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "依法不再公开"
        constraints = [
            models.CheckConstraint(name="withholding_of_one_text", condition=Q(entry=None) ^ Q(ranking=None)),
            models.CheckConstraint(
                name="withholding_state_known", condition=Q(state__in=[state.value for state in WithholdingState])
            ),
            models.CheckConstraint(name="withholding_ground_known", condition=Q(ground__in=LegalGround.values)),
            models.CheckConstraint(
                name="withholding_reason_listed", condition=Q(public_reason__in=[code for code, _ in ALL_CHOICES])
            ),
            models.CheckConstraint(name="withholding_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="withholding_needs_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="withholding_decision_complete",
                condition=Q(state="asked", decided_by=None, decided_at=None, answer="")
                | Q(state="granted", decided_by__isnull=False, decided_at__isnull=False, answer="")
                | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
            ),
            models.UniqueConstraint("entry", condition=_OPEN_OR_DONE, name="withholding_once_of_an_entry"),
            models.UniqueConstraint("ranking", condition=_OPEN_OR_DONE, name="withholding_once_of_a_ranking"),
        ]

    def __str__(self) -> str:
        return f"withholding {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to decide."""
        return self.state == WithholdingState.ASKED

    @property
    def state_label(self) -> str:
        """The state in Chinese."""
        return WITHHOLDING_LABELS[WithholdingState(self.state)]
