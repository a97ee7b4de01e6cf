"""The residents' choice between a village's needs: one voice per household, by plate and PIN or on a paper slip.

Who chose what stays secret. A paper slip carries a number and no household; that a household took a slip is kept apart from it.
What a household chose by PIN is shown to that household alone: pages of the staff count, and count only after the end.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from households.codes import Level
from households.models import Division, Household
from households.scope import Scoped
from rewards.models.pictures import Picture
from rewards.models.projects import Project

_BY = settings.AUTH_USER_MODEL


class Ballot(models.Model):
    """One question to a village: which needs first. `households` are those on the register when it was opened.

    Each household picks up to `picks`, the first `places` are chosen. Voices by PIN until `closes_at`; paper is counted until
    it is settled or called off.
    """

    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="ballots")
    title = models.CharField("题目", max_length=60)
    picks = models.PositiveSmallIntegerField("每户最多选几个")
    places = models.PositiveSmallIntegerField("选出几个")
    households = ArrayField(models.CharField(max_length=18), verbose_name="开始时在册的户")
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    closes_at = models.DateTimeField("截止时间")
    settled_at = models.DateTimeField("公布时间", null=True, blank=True)
    settled_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    called_off_at = models.DateTimeField("作废时间", null=True, blank=True)
    call_off_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["-id"]
        verbose_name = "群众选择"
        constraints = [
            models.UniqueConstraint(
                "village",
                condition=Q(settled_at__isnull=True, called_off_at__isnull=True),
                name="ballot_one_at_a_time",
            ),
            models.CheckConstraint(
                name="ballot_of_a_village", condition=Q(Exact(Length("village"), Level.VILLAGE.code_length))
            ),
            models.CheckConstraint(name="ballot_titled", condition=~Q(title="")),
            models.CheckConstraint(name="ballot_picks_something", condition=Q(picks__gte=1, places__gte=1)),
            models.CheckConstraint(name="ballot_has_households", condition=Q(households__len__gte=1)),
            models.CheckConstraint(name="ballot_ends_after_it_began", condition=Q(closes_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="ballot_settled_or_called_off",
                condition=Q(settled_at__isnull=True) | Q(called_off_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ballot_called_off_says_why",
                condition=Q(called_off_at__isnull=True, call_off_reason="")
                | Q(called_off_at__isnull=False) & ~Q(call_off_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ended(self) -> bool:
        """Whether the result stands or was called off."""
        return bool(self.settled_at or self.called_off_at)


class BallotOption(models.Model):
    """One need that may be picked, with its place in the village's list and its cost when the ballot was opened."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="options")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField("顺序")
    estimate_fen = models.BigIntegerField("估算（分）")

    class Meta:
        ordering = ["ballot", "position"]
        verbose_name = "可选项目"
        constraints = [
            models.UniqueConstraint("ballot", "project", name="option_once_per_ballot"),
            models.UniqueConstraint("ballot", "position", name="option_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.project_id}"


class VoiceChannel(models.TextChoices):
    PIN = "pin", "户牌"
    PAPER = "paper", "纸质票"


class Voice(models.Model):
    """A household's one voice in a ballot: by PIN with what it picked, or a mark that it took a paper slip.

    A trigger keeps picks to the ballot's options, households to those of record, and everything still once it has ended.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="voices")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField("方式", max_length=5, choices=VoiceChannel.choices)
    picks = ArrayField(models.BigIntegerField(), default=list, verbose_name="选了什么")
    changes = models.PositiveSmallIntegerField("改过几次", default=0)
    marked_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("最后一次", auto_now=True)

    class Meta:
        verbose_name = "一户一票"
        constraints = [
            models.UniqueConstraint("ballot", "household", name="voice_one_per_household"),
            models.CheckConstraint(
                name="voice_paper_holds_no_picks",
                condition=Q(channel=VoiceChannel.PIN, picks__len__gte=1, marked_by__isnull=True)
                | Q(channel=VoiceChannel.PAPER, picks__len=0, changes=0),
            ),
        ]

    def __str__(self) -> str:
        return f"voice {self.pk}"


class VoiceEntry(models.Model):
    """What a household picked, each time it did. Append-only; the last one stands."""

    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField("第几次")
    picks = ArrayField(models.BigIntegerField(), verbose_name="选了什么")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["voice", "number"]
        verbose_name = "选择经过"
        constraints = [
            models.UniqueConstraint("voice", "number", name="voice_entry_once"),
            models.CheckConstraint(name="voice_entry_picks", condition=Q(picks__len__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.voice_id} {self.number}"


class Slip(models.Model):
    """A paper slip as it was keyed: number, picks (none: spoiled), perhaps a photo. It counts once a second person has confirmed it."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="slips")
    number = models.PositiveIntegerField("票号")
    picks = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="选了什么")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    keyed_by = models.ForeignKey(_BY, on_delete=models.PROTECT, related_name="+")
    keyed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("核对时间", null=True, blank=True)
    struck_at = models.DateTimeField("划去时间", null=True, blank=True)
    struck_by = models.ForeignKey(_BY, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["ballot", "number", "id"]
        verbose_name = "纸质票"
        constraints = [
            models.UniqueConstraint("ballot", "number", condition=Q(struck_at__isnull=True), name="slip_number_once"),
            models.CheckConstraint(name="slip_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="slip_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("keyed_by")),
            ),
            models.CheckConstraint(
                name="slip_struck_or_confirmed",
                condition=Q(struck_at__isnull=True, struck_by__isnull=True)
                | Q(struck_at__isnull=False, struck_by__isnull=False, confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"slip {self.number}"
