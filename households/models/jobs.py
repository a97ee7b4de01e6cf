"""What the schedule ran: when, and with which outcome."""

from django.db import models


class JobOutcome(models.TextChoices):
    """`held` waits for the operator's word on the clock; `drift` found something that does not fit."""

    DONE = "done", "正常"
    HELD = "held", "等待确认时间"
    REFUSED = "refused", "没有办"
    DRIFT = "drift", "核对出不符"
    FAILED = "failed", "出错"


class JobRun(models.Model):
    """One run of one job of the schedule. The last few of each are kept."""

    name = models.CharField("事项", max_length=80)
    begun_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束")
    outcome = models.CharField("结果", max_length=10, choices=JobOutcome.choices)
    figures = models.JSONField("数字", default=dict)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "定时任务记录"
        indexes = [models.Index("name", "id", name="job_run_by_name")]
        constraints = [
            models.CheckConstraint(name="job_outcome_known", condition=models.Q(outcome__in=JobOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.begun_at:%F %T} {self.outcome}"
