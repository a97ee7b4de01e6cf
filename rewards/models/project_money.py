"""Money of projects, in whole fen: what an award gives to a project and what is paid out. Rows are corrected by negative ones."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rewards.models.awards import Award
from rewards.models.projects import Project

_BY = settings.AUTH_USER_MODEL


class Allocation(models.Model):
    """Money moved from an award to a project, or back (negative). Append-only."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="allocations")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="allocations")
    fen = models.BigIntegerField("金额（分）")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "资金安排"
        constraints = [
            models.CheckConstraint(name="allocation_moves_money", condition=~Q(fen=0)),
            models.CheckConstraint(name="allocation_back_says_why", condition=Q(fen__gt=0) | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.project_id} {self.fen}"


class PayeeKind(models.TextChoices):
    COMPANY = "company", "企业"
    COOPERATIVE = "cooperative", "合作社"
    LABOUR = "labour", "务工人员"

    @property
    def named(self) -> bool:
        """Whether the payee's name is public: a firm's is, a person's is not."""
        return self is not PayeeKind.LABOUR


class Payment(models.Model):
    """Money paid out for a project, with its voucher. Append-only; a reversal is a negative row naming what it reverses."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="payments")
    fen = models.BigIntegerField("金额（分）")
    payee_kind = models.CharField("收款方类别", max_length=12, choices=PayeeKind.choices)
    payee = models.CharField("收款方", max_length=60)
    voucher_no = models.CharField("凭证号", max_length=40)
    paid_on = models.DateField("付款日期")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "付款"
        constraints = [
            models.UniqueConstraint("project", "voucher_no", name="payment_voucher_once"),
            models.CheckConstraint(name="payment_has_voucher", condition=~Q(voucher_no="") & ~Q(payee="")),
            models.CheckConstraint(name="payment_payee_known", condition=Q(payee_kind__in=PayeeKind.values)),
            models.CheckConstraint(
                name="payment_negative_reverses",
                condition=Q(fen__gt=0, reverses__isnull=True) | Q(fen__lt=0, reverses__isnull=False) & ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return self.voucher_no

    @property
    def public_payee(self) -> str:
        """Who was paid, as everybody may read it."""
        kind = PayeeKind(self.payee_kind)
        return self.payee if kind.named else kind.label
