"""The one-time addresses by which the first people of an empty system, or of one account, come in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.roles import Role


class SetUpAddress(models.Model):
    """An address that sets name and password once. Only the digest of its secret is kept.

    Of a post (`user` empty) it makes the account, of an account it ends the one-time password.
    """

    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    role = models.CharField("角色", max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("生成", default=timezone.now)
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("用掉", null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = "首次设置地址"
        constraints = [
            models.CheckConstraint(name="set_up_role_known", condition=Q(role__in=list(Role))),
            models.CheckConstraint(
                name="set_up_used_by_and_at",
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"set-up address {self.pk}"
