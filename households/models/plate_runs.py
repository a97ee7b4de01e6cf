"""Plates for a whole county or township in one run: village by village, each there with its papers or not at all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import CODE_COLLATION
from households.scope import Scoped
from households.sealing.fields import SealedBytesField


class PlateRun(models.Model):
    """One run. It ends when every village is done, or when it was given up."""

    place = models.CharField("地点代码", max_length=12, db_collation=CODE_COLLATION)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField("次数", default=0)
    made_at = models.DateTimeField("开始", default=timezone.now)
    asked_at = models.DateTimeField("上一次吩咐", default=timezone.now)
    ended_at = models.DateTimeField("结束", null=True)

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "成批制牌"
        indexes = [models.Index("asked_at", name="plate_run_at_work", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"plate run {self.pk} {self.place}"


class PlateRunVillage(models.Model):
    """One village of a run. `made_at` is when its plates and PINs came into force, all at that moment.

    `taken_at` is when the file with its PINs was first taken away; before that nobody knows them.
    """

    run = models.ForeignKey(PlateRun, on_delete=models.PROTECT, related_name="villages")
    village = models.CharField("村代码", max_length=12, db_collation=CODE_COLLATION)
    plates = models.PositiveIntegerField("户牌", default=0)
    made_at = models.DateTimeField("制好", null=True)
    taken_at = models.DateTimeField("取走密码", null=True)

    class Meta:
        ordering = ["village"]
        verbose_name = "成批制牌的村"
        constraints = [
            models.UniqueConstraint("run", "village", name="plate_run_village_once"),
            models.CheckConstraint(
                name="plate_run_taken_after_made", condition=Q(taken_at=None) | Q(made_at__isnull=False)
            ),
        ]
        indexes = [models.Index("village", name="plate_run_by_village")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.village}"


class PlatePapers(models.Model):
    """What is to be printed of one village, as PDF and sealed. Gone some days later, the PINs soon after they were taken.

    The table is not logged: no backup and no archived log ever holds a PIN. After a crash it is empty, and the next run
    gives these households new PINs.
    """

    village = models.OneToOneField(PlateRunVillage, on_delete=models.CASCADE, primary_key=True, related_name="papers")
    sheet = SealedBytesField("户牌")
    receipts = SealedBytesField("签收单")
    pins = SealedBytesField("密码纸条", null=True)

    class Meta:
        verbose_name = "成批制牌的打印文件"

    def __str__(self) -> str:
        return f"papers of {self.village_id}"
