"""Integrity alarms: what a check found that does not fit, once a finding, until somebody has answered for it and it is gone."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import CODE_COLLATION
from households.scope import Scoped


class AlarmKind(models.TextChoices):
    """What an alarm is about; `households.alarms.hearing` says who hears of which."""

    DRIFT = "drift", "分数、积分与记录不符"
    CHAIN = "chain", "积分账链断了"
    TRAIL = "trail", "留痕或审计记录被动过"
    PETITION = "petition", "信访件的期限与记录不符"
    FAILED = "failed", "核对没有做完"
    RUNNING = "running", "系统运行有问题"


_OPEN = Q(gone_at=None) | Q(seen_at=None)


class AlarmQuerySet(Scoped):
    def open(self) -> "AlarmQuerySet":
        """Those still there, or not yet acknowledged."""
        return self.filter(_OPEN)

    def unseen(self) -> "AlarmQuerySet":
        """Those that nobody has put a name to."""
        return self.filter(seen_at=None)

    def standing(self, state: str) -> "AlarmQuerySet":
        """Those of one of the three states (`Alarm.state`); with none, those that are open."""
        match state:
            case "unseen":
                return self.unseen()
            case "seen":
                return self.exclude(seen_at=None).filter(gone_at=None)
            case "closed":
                return self.exclude(_OPEN)
        return self.open()


class Alarm(models.Model):
    """One finding of one check (`source`): `what` does not hold, and `where`. It says no figure, name or word of anybody.

    The same finding again is the same row; `gone_at` is when the check found it no more. Acknowledged and gone it is closed, and
    the same finding later is another one. Never deleted, never reworded (trigger).
    """

    source = models.CharField("核对", max_length=80)
    key = models.CharField(max_length=64, db_collation=CODE_COLLATION)  # a digest of what and where
    kind = models.CharField("种类", max_length=10, choices=AlarmKind.choices)
    what = models.CharField("哪一项", max_length=200)
    where = models.CharField("哪里", max_length=200, blank=True)
    place = models.CharField("地点代码", max_length=18, blank=True, db_collation=CODE_COLLATION)
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    gone_at = models.DateTimeField("消除时间", null=True)
    seen_by = models.ForeignKey("households.User", models.PROTECT, null=True, related_name="+", verbose_name="知悉人")
    seen_at = models.DateTimeField("知悉时间", null=True)
    remark = models.CharField("说明", max_length=200, blank=True)

    objects = AlarmQuerySet.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "核对报警"
        indexes = [models.Index("kind", "place", condition=_OPEN, name="alarm_open")]
        constraints = [
            models.UniqueConstraint("source", "key", condition=_OPEN, name="alarm_once_while_open"),
            models.CheckConstraint(name="alarm_kind_known", condition=Q(kind__in=AlarmKind.values)),
            models.CheckConstraint(
                name="alarm_seen_by_at_and_why",
                condition=Q(seen_by=None, seen_at=None, remark="")
                | Q(seen_by__isnull=False, seen_at__isnull=False) & ~Q(remark=""),
            ),
        ]

    def __str__(self) -> str:
        return f"alarm {self.pk}"

    @property
    def state(self) -> str:
        """unseen, seen (and still there), or closed."""
        if self.seen_at is None:
            return "unseen"
        return "seen" if self.gone_at is None else "closed"
