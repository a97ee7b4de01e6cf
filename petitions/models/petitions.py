"""A petition: what was asked, by whom, about where; and who is accused in it or must keep away from it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from households.codes import Level, county_of, path, reaches
from households.models import Department, Division, Household, User
from households.roles import Role
from households.scope import Scoped, lies_in
from petitions.models.assignments import Assignment
from petitions.models.cases import Case
from petitions.sealed import SealedNameField, SealedTextField
from petitions.states import PetitionState

# Characters; for what lies encrypted no column can hold the limit.
MAX_TITLE, MAX_TEXT, MAX_NAME, MAX_ENTERPRISE, MAX_EXTERNAL_NO = 60, 5000, 30, 60, 60
MAX_PEOPLE = 500


class Channel(models.TextChoices):
    """The three direct lines."""

    ENTERPRISE = "enterprise", "政企直通车"
    PEOPLE = "people", "政民直通车"
    NET = "net", "政网直通车"


class Way(models.TextChoices):
    """How it came in. HOTLINE, REDNET and MAILBOX have clocks of their own beside those of the regulation."""

    PAGE = "page", "网页"
    CADRE = "cadre", "村干部代办"
    DEPARTMENT = "department", "单位代录"
    ENTERPRISE = "enterprise", "企业表单"
    HOTLINE = "hotline", "12345热线"
    REDNET = "rednet", "红网"
    MAILBOX = "mailbox", "信箱"
    VISIT = "visit", "来访"
    LETTER = "letter", "来信"


class Content(models.TextChoices):
    SUGGESTION = "suggestion", "建议意见"
    ACCUSATION = "accusation", "检举控告"
    APPEAL = "appeal", "申诉求决"


class PetitionKind(models.TextChoices):
    FIRST = "first", "初访"
    REPEAT = "repeat", "重访"
    BACKLOG = "backlog", "积案"


class Demand(models.TextChoices):
    """Which of the two clocks of hotline and net runs: the short or the long one."""

    CONSULT = "consult", "咨询求助"
    COMPLAINT = "complaint", "投诉举报建议"


class PetitionQuerySet(Scoped):
    def in_state(self, *states: PetitionState) -> "PetitionQuerySet":
        return self.filter(state__in=states)

    def open(self) -> "PetitionQuerySet":
        """Those to which an authority still owes the next step."""
        return self.filter(state__in=[state for state in PetitionState if state.is_open])

    def without_content(self) -> "PetitionQuerySet":
        """For lists: what was written and who wrote it are not read along, nor opened."""
        return self.defer("text", "filer_name", "filer_phone")

    def with_units_at_work(self) -> "PetitionQuerySet":
        """With `at_work`: the assignments in force and their units. One query more."""
        standing = Assignment.objects.filter(ended_at=None).select_related("department", "division")
        return self.prefetch_related(models.Prefetch("assignments", standing, to_attr="at_work"))

    def visible_to(self, user: User) -> "PetitionQuerySet":
        """Those whose content this person may read: the one start of every list, page, export and API call about content.

        The petition office; people of departments and townships that are at work on it (they keep it afterwards); the
        person who filed it for somebody else. Never somebody whom it accuses, nor anyone of the department or division
        that it accuses, nor one who must keep away from an accusation. What is against the petition office is read by the
        body that takes its place. No roles beside these: numbers only.
        """
        return self.filter(_reading(user)).exclude(pk__in=_accusing(user))

    def overseen_by(self, user: User) -> "PetitionQuerySet":
        """Those whose number, state and due dates this person may follow up, never their content: the county office.

        No accusation is among them.
        """
        if user.role != Role.COUNTY_OFFICE or not user.is_active:
            return self.none()
        return self.filter(lies_in(user.division_id or "-", "place")).exclude(content=Content.ACCUSATION)


def _reading(user: User) -> Q:
    """Who may read at all, accusations not yet looked at."""
    if not user.is_active:
        return Q(pk__in=[])
    if user.role == Role.PETITION_OFFICE:
        # not as a condition of its own: the index that lists and counts are read from does not hold it
        return lies_in(user.division_id or "-", "place") & ~Q(pk__in=_against_office())
    if user.role not in (Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT):
        return Q(pk__in=[])
    own = Petition.objects.filter(filed_by=user).order_by().values("pk")
    if user.role == Role.DEPARTMENT:
        at_work = _at_work(department=user.department_id)
        in_its_place = [_against_office()] if takes_the_offices_place(user) else []
        return Q(pk__in=own.union(at_work, *in_its_place, all=True))
    if user.role == Role.TOWNSHIP:
        return Q(pk__in=own.union(_at_work(division=user.division_id), all=True))
    return Q(pk__in=own)


def _against_office() -> models.QuerySet["Petition", Any]:
    return Petition.objects.filter(against_office=True).order_by().values("pk")


def takes_the_offices_place(user: User) -> bool:
    """Whether this person belongs to the body that takes what is against the petition office itself (settings)."""
    return user.role == Role.DEPARTMENT and user.department_id == settings.PETITION_OFFICE_BODY


def _at_work(**unit: str | None) -> models.QuerySet["Assignment", Any]:
    return Assignment.objects.filter(ended_at=None, **unit).order_by().values("petition")


def _accusing(user: User) -> models.QuerySet["Accused", Any]:
    """Petitions that accuse this person, their department, or their division or one above it."""
    accused = Q(user=user)
    if user.department_id:
        accused |= Q(department=user.department_id)
    if user.division_id:
        code = user.division_id
        accused |= Q(division__in=[one for one in path(code) if reaches(one, Level.TOWNSHIP)])
    return Accused.objects.filter(accused).values("petition")


class Petition(models.Model):
    """One petition. What was filed never changes (trigger); `state`, `seq`, `paused` and `due_on` follow its history.

    `number` (430525-2026-000123: county, year, serial) can be guessed and opens nothing. `follow_digest` is the keyed
    digest of the code that only the filer knows (`petitions.filing.codes`). `title`, `enterprise`, `text`, `filer_name`
    and `filer_phone` lie encrypted; show the latter two through `households.masks`. `filer_key` is a keyed digest of
    the telephone number, to find what the same person filed before; empty without one. `filed_by` empty: the filer
    themselves, else who filed it for them. `external_no` is the number that hotline or 红网 gave it. `people`: how many
    came together (visits).

    `state` is the state after the event number `seq`, and the database holds it to that (trigger). `due_on` is the
    last day of the step that is being waited for, as `petitions.clocks.clocks` reads it from the history; empty when nothing
    is due or the clock is paused. It is a copy for lists to sort by: verify recomputes it.

    `against_office`: it accuses the petition office or somebody of it, and so is kept from all of it. Set once, never
    taken back: whoever takes a name off the list later does not hand it over.
    """

    number = models.CharField("编号", max_length=18, unique=True, db_collation="C")
    follow_digest = models.CharField("查询码摘要", max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="petitions")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    way = models.CharField("来源", max_length=10, choices=Way.choices)
    content = models.CharField("内容类别", max_length=10, choices=Content.choices)
    kind = models.CharField("信访类别", max_length=10, choices=PetitionKind.choices, default=PetitionKind.FIRST)
    demand = models.CharField("诉求类型", max_length=10, choices=Demand.choices, default=Demand.COMPLAINT)
    place = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="petitions", db_index=False)
    title = SealedNameField("标题（密文）")
    text = SealedTextField("内容（密文）")
    filer_name = SealedTextField("姓名（密文）")
    filer_phone = SealedTextField("电话（密文）")
    filer_key = models.CharField("同一人摘要", max_length=64, blank=True, default="")
    enterprise = SealedNameField("企业名称（密文）")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="petitions")
    people = models.PositiveSmallIntegerField("人数", default=1)
    external_no = models.CharField("来源编号", max_length=MAX_EXTERNAL_NO, blank=True, default="")
    external_link = models.URLField("来源链接", max_length=300, blank=True, default="")
    filed_at = models.DateTimeField("提交时间")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="filings")
    state = models.CharField("状态", max_length=16, choices=[(s.value, s.label) for s in PetitionState])
    seq = models.PositiveIntegerField("历史行数", default=1)
    paused = models.BooleanField("计时暂停", default=False)
    due_on = models.DateField("到期日", null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    against_office = models.BooleanField("反映信访局自身", default=False, db_default=False)
    held = models.BooleanField("暂不清除", default=False)
    erasure_asked_at = models.DateTimeField("申请清除时间", null=True)
    contact_erased_at = models.DateTimeField("姓名电话清除时间", null=True)
    papers_erased_at = models.DateTimeField("附件清除时间", null=True)
    erased_at = models.DateTimeField("内容清除时间", null=True)

    objects = PetitionQuerySet.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "信访件"
        indexes = [
            models.Index("place", "id", name="petition_by_place"),
            models.Index("state", "due_on", "id", name="petition_by_state"),
            models.Index("filer_key", name="petition_by_filer", condition=~Q(filer_key="")),
            models.Index("filed_at", name="petition_by_time"),
            # Lists and their counts by lamp are read from here alone: rows are wide with sealed texts.
            models.Index(
                fields=["due_on", "-id"],
                include=["place", "state", "paused", "channel", "content", "kind"],
                name="petition_by_urgency",
            ),
            models.Index("id", name="petition_against_office", condition=Q(against_office=True)),
            models.Index(
                "erasure_asked_at", name="petition_by_erasure_asked", condition=Q(erasure_asked_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="petition_number_shaped", condition=Q(number__regex=r"^[0-9]{6}-[0-9]{4}-[0-9]{6}$")
            ),
            models.CheckConstraint(name="petition_digest_shaped", condition=Q(follow_digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="petition_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="petition_way_known", condition=Q(way__in=Way.values)),
            models.CheckConstraint(name="petition_content_known", condition=Q(content__in=Content.values)),
            models.CheckConstraint(name="petition_kind_known", condition=Q(kind__in=PetitionKind.values)),
            models.CheckConstraint(name="petition_demand_known", condition=Q(demand__in=Demand.values)),
            models.CheckConstraint(name="petition_state_known", condition=Q(state__in=list(PetitionState))),
            models.CheckConstraint(name="petition_titled", condition=Q(title__isnull=False)),
            models.CheckConstraint(name="petition_of_somebody", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="petition_enterprise_line_names_one",
                condition=~Q(channel="enterprise") | Q(enterprise__isnull=False),
            ),
            models.CheckConstraint(
                name="petition_merged_into_another",
                condition=Q(merged_into__isnull=True) & ~Q(state="merged")
                | Q(merged_into__isnull=False, state="merged") & ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(name="petition_paused_not_due", condition=Q(paused=False) | Q(due_on__isnull=True)),
            models.UniqueConstraint("way", "external_no", name="petition_external_once", condition=~Q(external_no="")),
            models.CheckConstraint(
                name="petition_against_office_accuses", condition=Q(against_office=False) | Q(content="accusation")
            ),
            models.CheckConstraint(name="petition_held_not_erased", condition=Q(held=False) | Q(erased_at=None)),
            models.CheckConstraint(
                name="petition_erased_as_a_whole",
                condition=Q(erased_at=None) | Q(contact_erased_at__isnull=False, papers_erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def county(self) -> str:
        """The code of the county that took it in."""
        return county_of(self.number)

    @property
    def status(self) -> PetitionState:
        """The state, as the one that knows its label."""
        return PetitionState(self.state)

    @property
    def waits_for(self) -> str:
        """Whose turn it is, in Chinese; empty at an end. Where the office is accused, the other body stands in its place."""
        words = self.status.waits_for
        return words.replace("信访局", "受理机关") if self.against_office else words

    @property
    def is_nameless(self) -> bool:
        """Filed without a name."""
        return not self.filer_name

    @property
    def is_accusation(self) -> bool:
        return self.content == Content.ACCUSATION


class NumberSeries(models.Model):
    """The last serial number that a county gave in a year."""

    county = models.CharField(max_length=6, db_collation="C")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "信访编号"
        constraints = [models.UniqueConstraint("county", "year", name="numbers_once_a_year")]

    def __str__(self) -> str:
        return f"{self.county}-{self.year}"


class Accused(models.Model):
    """Whom a petition accuses: exactly one department, division (township or smaller) or person with an account.

    They never see it: not the person, nor anyone of the department, nor anyone of the division or below it.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="accused")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "被检举控告对象"
        constraints = [
            models.CheckConstraint(
                name="accused_is_one",
                condition=Q(department__isnull=False, division__isnull=True, user__isnull=True)
                | Q(department__isnull=True, division__isnull=False, user__isnull=True)
                | Q(department__isnull=True, division__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(
                name="accused_below_the_county",
                condition=Q(division__isnull=True)
                | Q(GreaterThanOrEqual(Length("division"), Level.TOWNSHIP.code_length)),
            ),
            models.UniqueConstraint(
                "petition", "department", "division", "user", name="accused_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"accused {self.pk}"

    @property
    def unit(self) -> str:
        """department:LYJ, division:430525100 or user:zhang, as a filing names it."""
        if self.user:
            return f"user:{self.user.username}"
        return f"department:{self.department_id}" if self.department_id else f"division:{self.division_id}"

    @property
    def name(self) -> str:
        if self.user:
            return self.user.display_name
        place = self.department or self.division
        return place.name if place else ""


class Tie(models.Model):
    """A person who must keep away from a petition (回避), by their own word or the petition office's. Never taken back."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="ties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "回避"
        constraints = [models.UniqueConstraint("petition", "user", name="tie_once")]

    def __str__(self) -> str:
        return f"tie {self.pk}"
