"""Ready-made words for what filers are told, kept by the petition office."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from petitions.states import PetitionAction


class ReplyTemplate(models.Model):
    """One text of a county for one kind of step. Those that are shipped lie in `petitions.letters.replies`, not here.

    `shipped` names the shipped text that this one stands for: changed, or with `retired_at` taken away. The text may
    hold the placeholders of `petitions.letters.replies`; it never names anybody.
    """

    county = models.CharField("县", max_length=6, db_collation="C")
    action = models.CharField("用于", max_length=20, choices=[(a.value, a.label) for a in PetitionAction])
    name = models.CharField("名称", max_length=30)
    text = models.TextField("正文", max_length=2000)
    shipped = models.CharField("替换的自带模板", max_length=30, blank=True, default="")
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    retired_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        ordering = ["county", "action", "id"]
        verbose_name = "答复模板"
        constraints = [
            models.UniqueConstraint(
                "county", "action", "name", name="template_named_once", condition=Q(retired_at__isnull=True)
            ),
            models.UniqueConstraint("county", "shipped", name="template_stands_for_one", condition=~Q(shipped="")),
            models.CheckConstraint(name="template_says_something", condition=~Q(name="") & ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"template {self.pk}"
