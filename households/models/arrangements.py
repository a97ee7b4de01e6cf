"""What the county entered from the State Council's notices on holidays."""

from datetime import date

from django.db import models

MAX_NOTICE, MAX_TEXT = 60, 3000


class YearArrangement(models.Model):
    """One version of a year's arrangement; the latest of a year counts, earlier ones stay.

    `text` is the notice's own, `days` what was read from it: each day that it names, with the holiday's name, or empty for
    a weekend day that is worked. `moved` is how many due days it moved when it was entered. The database refuses UPDATE,
    DELETE and TRUNCATE on this table by trigger.
    """

    year = models.PositiveSmallIntegerField("年份")
    notice = models.CharField("文号", max_length=MAX_NOTICE)
    text = models.TextField("通知原文", max_length=MAX_TEXT)
    days = models.JSONField("日子")
    moved = models.PositiveIntegerField("重新算过的到期日", default=0)
    by = models.ForeignKey("households.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "放假安排"
        constraints = [
            models.CheckConstraint(name="arrangement_of_a_year", condition=models.Q(year__gte=2025, year__lte=2100)),
            models.CheckConstraint(name="arrangement_has_notice", condition=~models.Q(notice="") & ~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.notice}"

    @property
    def named(self) -> dict[date, str]:
        """Each day that it names, by day."""
        return {date.fromisoformat(day): name for day, name in self.days.items()}
