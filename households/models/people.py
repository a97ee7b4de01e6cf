"""Departments and the accounts of those who work in the system."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.functional import cached_property

from households.codes import Level, reaches
from households.models.division import Division
from households.months import month_of
from households.roles import HIGH, ROLE_CHOICES, Role
from households.scope import Scope, Scoped

MAX_LEADER = 60


class Department(models.Model):
    """A county department; what its linked villages earn and lose is also its own."""

    code = models.CharField("代码", primary_key=True, max_length=20)
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name = "县直部门"
        constraints = [models.CheckConstraint(name="department_named", condition=~Q(name="") & ~Q(code=""))]

    def __str__(self) -> str:
        return self.name


class Linkage(models.Model):
    """A department answers for a division from one month to another, both included, with an integer weight."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="linkages")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="linkages")
    weight = models.PositiveIntegerField("权重", default=1)
    from_month = models.CharField("起始月份", max_length=7, db_collation="C")
    to_month = models.CharField("截止月份", max_length=7, db_collation="C", blank=True, default="")
    leader = models.CharField("联系领导", max_length=MAX_LEADER, blank=True, default="", db_default="")

    class Meta:
        ordering = ["department", "division", "from_month"]
        verbose_name = "联村关系"
        constraints = [
            models.UniqueConstraint("department", "division", "from_month", name="linkage_once_per_start"),
            models.CheckConstraint(name="linkage_weight_positive", condition=Q(weight__gt=0)),
            models.CheckConstraint(
                name="linkage_months_in_order", condition=Q(to_month="") | Q(to_month__gte=F("from_month"))
            ),
            models.CheckConstraint(
                name="linkage_months_written_yyyy_mm",
                condition=Q(from_month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
                & Q(to_month__regex=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.division_id} {self.from_month}"


def linked_in(month: str) -> Q:
    """Linkages in force in `month` (YYYY-MM)."""
    return Q(from_month__lte=month) & (Q(to_month="") | Q(to_month__gte=month))


def _place_is(level: Level) -> Q:
    # A CHECK passes on NULL, so the length of no division must be asked about separately.
    return Q(Exact(Length("division"), level.code_length), division__isnull=False, department__isnull=True)


COUNTY_ROLES = sorted(HIGH)


class UserManager(BaseUserManager.from_queryset(Scoped)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person, one role, one place. Villagers have no account: they come in by plate and PIN."""

    username = models.CharField("账号", max_length=50, unique=True)
    display_name = models.CharField("姓名", max_length=30)
    role = models.CharField("角色", max_length=20, choices=ROLE_CHOICES)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    # Places that ended and go on in `division`: their history is read, and what was begun there is brought to its end.
    former_places = ArrayField(
        models.CharField(max_length=14), verbose_name="并入的原区划", default=list, db_default=[]
    )
    phone = models.BinaryField("电话（密文）", null=True)  # sealed, see households.register.phones
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("须修改密码", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Who alone made the account or gave it its last one-time password; empty when two did, or the command line.
    handed_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    one_time_until = models.DateTimeField("一次性密码有效至", null=True, blank=True)
    password_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, db_default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = "账号"
        constraints = [
            models.CheckConstraint(name="user_role_known", condition=Q(role__in=list(Role))),
            models.CheckConstraint(
                name="user_place_fits_role",
                condition=(
                    Q(role=Role.DEPARTMENT, department__isnull=False, division__isnull=True)
                    | Q(role=Role.GROUP_LEADER) & _place_is(Level.GROUP)
                    | Q(role__in=[Role.CADRE, Role.SUPERVISOR]) & _place_is(Level.VILLAGE)
                    | Q(role=Role.TOWNSHIP) & _place_is(Level.TOWNSHIP)
                    | Q(role__in=COUNTY_ROLES) & _place_is(Level.COUNTY)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must bring: of this password and this `session_epoch`, so that a higher number ends them all."""
        known: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{known}.{self.session_epoch}" if self.session_epoch else known

    @property
    def is_high(self) -> bool:
        """Whether two people are needed to make, reset or reopen this account."""
        return self.role in HIGH

    @property
    def needs_second_factor(self) -> bool:
        """Whether the password alone must not open this account: a rule of the post. Demo accounts are excepted, and where
        nothing is set the whole of a demo county is.
        """
        if self.is_demo:
            return False
        if settings.SECOND_FACTOR_ROLES is None:
            return self.is_high and not is_demo_county()
        return self.role in settings.SECOND_FACTOR_ROLES

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. Django would also renew an old hash here, past the door and the audit log."""
        return check_password(raw_password, self.password)

    @cached_property
    def scope(self) -> Scope:
        """My subtree: my division with those that ended in it, or the divisions linked to my department this month."""
        if self.department_id is None:
            return Scope((self.division_id, *self.former_places) if self.division_id else ())
        linked = Linkage.objects.filter(linked_in(month_of(timezone.localdate())), department=self.department_id)
        return Scope(tuple(linked.values_list("division_id", flat=True)))

    @property
    def works_in_village(self) -> bool:
        """Whether the person's place is a village or a group: only there is one sheet their own."""
        return reaches(self.division_id or "", Level.VILLAGE)

    @property
    def place_name(self) -> str:
        """Where the person belongs; a group with its village, since every village has a first group."""
        place = self.department or self.division
        if place is None:
            return ""
        village = place.parent if isinstance(place, Division) and self.role == Role.GROUP_LEADER else None
        return f"{village.name}{place.name}" if village else place.name


def is_demo_county() -> bool:
    """Whether invented people hold the high posts: then nothing here is real."""
    found: bool = User.objects.filter(is_demo=True, role__in=COUNTY_ROLES).exists()
    return found
