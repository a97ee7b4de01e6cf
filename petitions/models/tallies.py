"""What the county board counts: clocks and answers as their histories give them, kept as rows that SQL can sum.

Both are copies: written with every step of a petition, recomputed and compared by verify, never read as a source.
"""

from django.db import models
from django.db.models import F, Q

from petitions.clock_types import ClockKey
from petitions.models.petitions import Channel, Petition, PetitionKind
from petitions.models.ratings import Score


class Tally(models.Model):
    """What both have of their petition, so that sums need no other table. `secret` is an accusation, in county figures only."""

    county = models.CharField("县", max_length=6, db_collation="C", default="")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices, default=Channel.PEOPLE)
    kind = models.CharField("信访类别", max_length=10, choices=PetitionKind.choices, default=PetitionKind.FIRST)
    secret = models.BooleanField("检举控告", default=True)

    class Meta:
        abstract = True


class ClockRun(Tally):
    """One clock that an authority owes, as `petitions.tallies.accounts.runs_of` reads it from the history.

    `lead` is the unit that led when it ended (now, while it runs); `outcome_on` the day on which it was known to be met
    or missed, which may lie ahead while it runs; empty when it is paused or nothing is owed any more.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="runs", db_index=False)
    key = models.CharField("时限", max_length=16)
    round = models.PositiveSmallIntegerField("第几次")
    start = models.DateField("起算日")
    due = models.DateField("到期日", null=True)
    ended = models.DateField("结束日", null=True)
    ended_by = models.CharField("结束于", max_length=20, blank=True, default="")
    lead = models.CharField("主办单位", max_length=40, blank=True, default="")
    outcome_on = models.DateField("见分晓日", null=True)
    on_time = models.BooleanField("按期", default=False)

    class Meta:
        verbose_name = "时限记录"
        indexes = [models.Index("county", "outcome_on", name="clockrun_by_outcome")]
        constraints = [
            models.UniqueConstraint("petition", "key", "round", name="clockrun_once"),
            models.CheckConstraint(
                name="clockrun_key_known", condition=Q(key__in=[key.value for key in ClockKey if key.owed])
            ),
            models.CheckConstraint(
                name="clockrun_ended_by_something",
                condition=Q(ended__isnull=True, ended_by="") | Q(ended__isnull=False) & ~Q(ended_by=""),
            ),
            models.CheckConstraint(
                name="clockrun_on_time_when_ended_by_then",
                condition=Q(on_time=False) | Q(outcome_on=F("ended")) & (Q(due__isnull=True) | Q(due__gte=F("ended"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.key}{self.round}"


class AnswerRow(Tally):
    """One answer and what became of it, as `petitions.tallies.accounts.answers_of` reads it; empty days have not come.

    `office` and `unit` are its ratings, empty without one.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="answer_rows", db_index=False)
    round = models.PositiveSmallIntegerField("第几次答复")
    lead = models.CharField("主办单位", max_length=40, blank=True, default="")
    answered_on = models.DateField("答复日")
    confirmed_on = models.DateField("确认日", null=True)
    closed_on = models.DateField("办结日", null=True)
    reviewed_on = models.DateField("申请复查日", null=True)
    reopened_on = models.DateField("重新办理日", null=True)
    office = models.CharField("对信访部门", max_length=12, choices=Score.choices, blank=True, default="")
    unit = models.CharField("对责任单位", max_length=12, choices=Score.choices, blank=True, default="")

    class Meta:
        verbose_name = "答复记录"
        indexes = [models.Index("county", "answered_on", name="answerrow_by_day")]
        constraints = [models.UniqueConstraint("petition", "round", name="answerrow_once")]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.round}"
