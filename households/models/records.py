"""What was done, by whom: the audit log, and the answers given to writes that may be repeated."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone

from households.scope import Scoped


class AuditEvent(models.Model):
    """One line of the audit log. Plain columns and no foreign keys, so that nothing it names can change it.

    The database refuses UPDATE, DELETE and TRUNCATE on this table by trigger.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.CharField("操作人", max_length=50)
    role = models.CharField("角色", max_length=20)
    action = models.CharField("动作", max_length=40)
    place = models.CharField("地点代码", max_length=18, blank=True, db_collation="C")
    subject = models.CharField("对象", max_length=80, blank=True)
    detail = models.JSONField("内容", default=dict)
    address = models.BinaryField("来源地址", null=True)  # sealed under the field key; none at the command line
    session = models.CharField("会话", max_length=16, blank=True, default="")  # a digest: which lines belong together
    mac = models.BinaryField("带密钥的指纹", null=True)  # `households.trail.macs`; none in lines of before it was kept

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "审计记录"
        indexes = [
            models.Index("place", "id", name="audit_by_place"),
            models.Index("at", name="audit_by_time"),
            models.Index("actor", "id", name="audit_by_actor"),
            models.Index("action", "id", name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor} {self.action}"


class Operation(models.Model):
    """The answer given to one client-made id. The same id asked again gets the same answer, a failed one too."""

    op_id = models.UUIDField(primary_key=True)
    actor = models.CharField(max_length=50)
    kind = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "操作凭据"
        indexes = [BrinIndex(fields=["at"], name="operation_by_time")]

    def __str__(self) -> str:
        return str(self.op_id)
