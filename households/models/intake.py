"""Files that people bring in by the browser: each a run with its states, its paper, and what it found before it wrote."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import CODE_COLLATION
from households.scope import Scoped
from households.sealing.fields import SealedBytesField


class ImportState(models.TextChoices):
    """`checking`, `writing` and `undoing` wait for a worker or are under way; the others wait for a person, or for nobody."""

    CHECKING = "checking", "正在演练"
    FAULTY = "faulty", "有错误"
    CHECKED = "checked", "演练通过，还没有写入"
    WRITING = "writing", "正在写入"
    WRITTEN = "written", "已写入"
    UNDOING = "undoing", "正在撤回"
    UNDONE = "undone", "已整批撤回"
    FAILED = "failed", "没有做完"


AT_WORK = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)


class ImportRun(models.Model):
    """One file from its rehearsal on. What a state means is written once it has been reached, in the transaction that did it."""

    kind = models.CharField("种类", max_length=20)
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveIntegerField("字节数")
    digest = models.CharField("摘要", max_length=64)
    options = models.JSONField("选项", default=dict)
    place = models.CharField("地点代码", max_length=14, db_collation=CODE_COLLATION)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=ImportState.choices, default=ImportState.CHECKING)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    rows = models.PositiveIntegerField("行数", default=0)
    errors = models.PositiveIntegerField("错误", default=0)
    notes = models.PositiveIntegerField("提示", default=0)
    counts = models.JSONField("数目", default=dict)
    said = models.TextField("结果", blank=True)
    made_at = models.DateTimeField("交来", default=timezone.now)
    asked_at = models.DateTimeField("上一次吩咐", default=timezone.now)
    written_at = models.DateTimeField("写入", null=True)
    undone_at = models.DateTimeField("撤回", null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "导入"
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="import_written_has_a_time",
                condition=~Q(state__in=("written", "undoing", "undone")) | Q(written_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_undone_by_and_at",
                condition=Q(undone_at__isnull=True) | Q(undone_by__isnull=False, written_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("state", name="import_by_state", condition=Q(state__in=("checking", "writing", "undoing")))
        ]

    def __str__(self) -> str:
        return f"import {self.pk} {self.kind} {self.state}"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in AT_WORK


class ImportPaper(models.Model):
    """What a run holds in bytes, sealed: the file as it came, what was said of it by line, and the file to give back.

    Gone when the run no longer needs it; the run stays.
    """

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="paper")
    content = SealedBytesField("文件")
    told = SealedBytesField("逐行结果", null=True)
    marked = SealedBytesField("标了错误的文件", null=True)

    class Meta:
        verbose_name = "导入的文件"

    def __str__(self) -> str:
        return f"paper of {self.run_id}"


class ImportChange(models.Model):
    """What a row was before a run wrote it (nothing for a new one), and a digest of what it became."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=63)
    key = models.CharField(max_length=80, db_collation=CODE_COLLATION)
    before = models.JSONField(null=True)
    after = models.CharField(max_length=32)

    class Meta:
        verbose_name = "导入的改动"

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
