"""Who held which post, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.models.division import Division
from households.models.people import Department
from households.roles import ROLE_CHOICES, Role


class TenureEnd(models.TextChoices):
    """Why somebody holds a post no longer."""

    RETIRED = "retired", "停用"
    MOVED = "moved", "换了岗位"
    HANDED = "handed", "移交"


class Tenure(models.Model):
    """One person at one post, `until` empty for now. `followed_by` took it over.

    `left` is the open work that came with it: what waited for whoever held it before, as it was then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tenures")
    role = models.CharField("角色", max_length=20, choices=ROLE_CHOICES)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)
    ended = models.CharField("怎么离开", max_length=10, choices=TenureEnd.choices, blank=True, default="")
    followed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    left = models.JSONField("交接时没办完的", default=list)

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = "任职"
        indexes = [models.Index("role", "division", "department", name="tenure_by_post")]
        constraints = [
            models.CheckConstraint(name="tenure_role_known", condition=Q(role__in=list(Role))),
            models.CheckConstraint(
                name="tenure_in_one_place",
                condition=Q(division__isnull=True, department__isnull=False)
                | Q(division__isnull=False, department__isnull=True),
            ),
            models.CheckConstraint(
                name="tenure_ended_or_not",
                condition=Q(until=None, ended="", followed_by=None)
                | Q(until__gte=F("since"), ended__in=TenureEnd.values),
            ),
            models.UniqueConstraint("user", condition=Q(until=None), name="tenure_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.since:%F}"

    @property
    def place_name(self) -> str:
        """The place of the post; a group with its village."""
        place = self.department or self.division
        if isinstance(place, Division) and self.role == Role.GROUP_LEADER and place.parent:
            return f"{place.parent.name}{place.name}"
        return place.name if place else ""
