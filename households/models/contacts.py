"""Who looks after which household: party members (党员包户), grid leaders, micro-grids with their heads; and visits."""

from django.db import models
from django.db.models import F, Q

from households.models.division import Division, Household, active_on
from households.models.people import User
from households.scope import Scoped
from households.sealing.texts import SealedTextField

MAX_PERSON, MAX_GRID, MAX_NOTE = 30, 30, 500


class ContactKind(models.TextChoices):
    PARTY = "party", "党员联系"
    GRID = "grid", "网格长"
    MICRO = "micro", "微网格长"


class VisitOutcome(models.TextChoices):
    """The ready words of a visit: neutral, and part of no figure."""

    WELL = "well", "家里都好"
    TOLD = "told", "宣传了政策"
    HELPED = "helped", "帮着办了事"
    WANTS = "wants", "有事要帮，已记下"
    AWAY = "away", "外出，电话联系"
    NOBODY = "nobody", "没有人在家"


class Dated(Scoped):
    def active(self, on: object) -> "Dated":
        return self.filter(active_on(on))  # type: ignore[arg-type]


class ContactPerson(models.Model):
    """Somebody to call. They may have an account; most party members have none. `place` keeps the list they stand on."""

    place = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="contact_people")
    name = SealedTextField("姓名")
    phone = SealedTextField("电话")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="contact_person")

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        verbose_name = "联系人"
        constraints = [models.CheckConstraint(name="contact_person_named", condition=Q(name__isnull=False))]

    def __str__(self) -> str:
        return f"{self.pk}"


class MicroGrid(models.Model):
    """Some ten households of a group under a name. Its head is whom its households' contacts of kind `micro` name."""

    group = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="micro_grids")
    name = models.CharField("名称", max_length=MAX_GRID)
    head = models.ForeignKey(ContactPerson, on_delete=models.PROTECT, related_name="micro_grids")
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)

    objects = Dated.as_manager()
    scope_field = "group"

    class Meta:
        ordering = ["group", "name", "id"]
        verbose_name = "微网格"
        constraints = [
            models.CheckConstraint(name="micro_grid_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="micro_grid_valid_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                "group", "name", name="micro_grid_once_by_name", condition=Q(valid_to__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A household and one of those who look after it, from a day until before another. Ended rows stay: the history.

    A household that is closed ends its contacts by a trigger. One that begins and ends on one day was never in force.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(ContactPerson, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField("联系类型", max_length=5, choices=ContactKind.choices)
    micro_grid = models.ForeignKey(MicroGrid, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)

    objects = Dated.as_manager()
    scope_field = "household"

    class Meta:
        ordering = ["household", "kind", "valid_from", "id"]
        verbose_name = "联系关系"
        constraints = [
            models.CheckConstraint(name="contact_kind_known", condition=Q(kind__in=ContactKind.values)),
            models.CheckConstraint(
                name="contact_micro_in_a_grid",
                condition=Q(kind=ContactKind.MICRO, micro_grid__isnull=False)
                | ~Q(kind=ContactKind.MICRO) & Q(micro_grid__isnull=True),
            ),
            models.CheckConstraint(
                name="contact_valid_in_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                "household", "person", "kind", name="contact_once", condition=Q(valid_to__isnull=True)
            ),
            models.UniqueConstraint(
                "household",
                name="contact_of_one_micro_grid",
                condition=Q(valid_to__isnull=True, kind=ContactKind.MICRO),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"


class ContactVisit(models.Model):
    """That a household was called on, by one of its contacts. Private: no figure, page for others or household's page has it."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField("日期")
    outcome = models.CharField("情况", max_length=8, choices=VisitOutcome.choices)
    note = SealedTextField("备注")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = Scoped.as_manager()
    scope_field = "household"

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = "走访"
        constraints = [models.CheckConstraint(name="visit_outcome_known", condition=Q(outcome__in=VisitOutcome.values))]
        indexes = [models.Index("household", "day", name="visit_by_household")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.day}"


class ContactHandOver(models.Model):
    """All of somebody's households, given to another in one act; who was told is asked of it."""

    giver = models.ForeignKey(ContactPerson, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(ContactPerson, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("从哪一天起")
    households = models.PositiveIntegerField("户数")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "联系户交接"
        constraints = [models.CheckConstraint(name="hand_over_between_two", condition=~Q(giver=F("taker")))]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.taker_id}"
