"""Changes of the places themselves: what an order did to divisions, and what they were called before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models.division import Division
from households.models.intake import ImportRun
from households.scope import Scope, Scoped

MAX_DOCUMENT = 60


class BorderReason(models.TextChoices):
    """Why, as everybody reads it."""

    ORDERED = "ordered", "上级批复的区划调整"
    VILLAGES = "villages", "合村并组"
    RESETTLED = "resettled", "移民搬迁、片区开发"
    RENUMBERED = "renumbered", "统计用区划代码变更"
    AGREED = "agreed", "村组之间勘界"
    WRONG = "wrong", "原来登错"


class BorderKind(models.TextChoices):
    """What became of one division. Of MOVE and MERGE the old one is over; of SPLIT and SHIFT it goes on without a part."""

    RENAME = "rename", "更名"
    NEW = "new", "新设"
    MOVE = "move", "改编码"
    MERGE = "merge", "并入"
    SPLIT = "split", "分出"
    SHIFT = "shift", "划出一部分"


WHOLE = (BorderKind.MOVE, BorderKind.MERGE)


class BorderOrderQuerySet(Scoped):
    def within(self, scope: Scope) -> "BorderOrderQuerySet":
        """Orders that touch the scope, on either side, or rename what lies above it."""
        touched = BorderLine.objects.filter(scope.condition("old") | scope.condition("new"))
        above = BorderLine.objects.filter(
            kind=BorderKind.RENAME, old__in=[c for p in scope.prefixes for c in _above(p)]
        )
        return self.filter(Q(pk__in=touched.values("order")) | Q(pk__in=above.values("order")))


def _above(code: str) -> list[str]:
    return [code[:digits] for digits in (6, 9, 12) if digits < len(code)]


class BorderOrder(models.Model):
    """One change of places, carried out as a whole and, while nothing depends on it, taken back as a whole.

    `day` is when it happened, `counts_from` since when it counts: months that were signed for by then stay as they were.
    `kept` is what taking back needs to know of rows that are no history of their own: linkages and accounts.
    """

    op_id = models.UUIDField(unique=True)
    county = models.CharField("县", max_length=6, db_collation="C")
    day = models.DateField("生效日期")
    counts_from = models.DateField("从何时起计")
    reason = models.CharField("原因", max_length=20, choices=BorderReason.choices)
    document_no = models.CharField("文号", max_length=MAX_DOCUMENT, blank=True)
    households = models.PositiveIntegerField("换了编号的户", default=0)
    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, null=True, related_name="border_order")
    kept = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("办理时间", default=timezone.now)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BorderOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "区划调整"
        constraints = [
            models.CheckConstraint(name="border_reason_listed", condition=Q(reason__in=BorderReason.values)),
            models.CheckConstraint(name="border_counts_after_it_happened", condition=Q(counts_from__gte=F("day"))),
        ]

    def __str__(self) -> str:
        return f"border order {self.pk}"


class BorderLine(models.Model):
    """What an order did to one division, for good. `households` went from the old to the new one.

    The names are those of that day: of a renamed one before and after, of two places each its own.
    """

    order = models.ForeignKey(BorderOrder, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField("事项", max_length=10, choices=BorderKind.choices)
    old = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="borders_from")
    new = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="borders_to")
    old_name = models.CharField("原名称", max_length=60, blank=True)
    new_name = models.CharField("新名称", max_length=60, blank=True)
    households = models.PositiveIntegerField("户数", default=0)

    class Meta:
        ordering = ["order", "id"]
        verbose_name = "区划调整明细"
        constraints = [
            models.CheckConstraint(name="border_kind_known", condition=Q(kind__in=BorderKind.values)),
            models.CheckConstraint(
                name="border_places_with_kind",
                condition=Q(kind="rename", old__isnull=False, new=F("old"))
                | Q(kind="new", old=None, new__isnull=False)
                | Q(kind__in=["move", "merge", "split", "shift"], old__isnull=False, new__isnull=False)
                & ~Q(new=F("old")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.old_id} {self.new_id}"

    @property
    def is_rename(self) -> bool:
        return self.kind == BorderKind.RENAME

    @property
    def is_new(self) -> bool:
        return self.kind == BorderKind.NEW

    @property
    def is_move(self) -> bool:
        return self.kind == BorderKind.MOVE

    @property
    def is_merge(self) -> bool:
        return self.kind == BorderKind.MERGE


class PastName(models.Model):
    """What a division was called until a day: months that ended before it go on saying so."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="past_names")
    until = models.DateField("到哪一天为止")
    name = models.CharField("名称", max_length=60)
    order = models.ForeignKey(BorderOrder, on_delete=models.PROTECT, related_name="past_names")

    class Meta:
        ordering = ["division", "until", "id"]
        verbose_name = "曾用名"
        indexes = [models.Index("division", "until", name="past_name_by_place")]

    def __str__(self) -> str:
        return f"{self.name} {self.until}"


def sql_past_name(code: str, day: str) -> str:
    """SQL: the first name that a division gave up after a day (expressions, as the place of a parameter is); NULL without one."""
    past = f"SELECT n.name FROM households_pastname n WHERE n.division_id = {code} AND n.until > {day}::date"
    return f"({past} ORDER BY n.until, n.id LIMIT 1)"


def sql_name_on(table: str, day: str) -> str:
    """SQL: what the division of this alias was called on a day."""
    return f"coalesce({sql_past_name(f'{table}.code', day)}, {table}.name)"
