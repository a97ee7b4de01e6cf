"""The history of petitions: append-only rows from which state and clocks are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from petitions.models.petitions import Petition
from petitions.sealed import SealedTextField
from petitions.states import PetitionAction, PetitionState

MAX_TOLD = 4000  # characters told to the filer, or noted inside, in one step; no column can hold it, they lie encrypted


class PetitionEvent(models.Model):
    """One line of a petition's history, `seq` from 1 without gaps. The database refuses UPDATE and DELETE (trigger).

    `kind` is a PetitionAction, `state` the state after it. `by` empty: the filer (`role` "filer") or the schedule
    ("system"); else `role` is the person's role then. `told` is for the filer to read, `note` stays inside; both lie
    encrypted. `data` holds figures and codes only, never a name, a telephone number or a text:

        file        {"channel", "way", "content", "kind", "demand"}: as filed
        classify    what changed of {"content", "kind", "demand", "case"}
        assign      {"lead": "department:LYJ" | "division:430525100", "joint": [the same shape, ...]}
        redirect    {"path": see `Path`, "unit": free name of the receiving office, may be empty}
        not_accept  {"path": see `Path`}
        answer      {"round": 1, 2, ...}: the how-manieth answer; ratings are about one of them
        extend      {"days": 1..30}; several never exceed 30 in one round of handling
        remind      {"step": 1, 2, ...}; supervise {"step": ...} when the schedule did it
        merge       {"into": number}; on the petition that took it in, a `tell` with {"merged": number,
                    "since": see `clocks.since`}; when it is let go again, one with {"unmerged": number}
        review      {"outcome": see `ReviewOutcome`}; final_review the same
        rate        {"round", "subject": "office" | "unit", "score"}
        receive     {"reception": its id, "result": see `ReceptionOutcome`, "said": when, if the line came later}
        promise     {"promise": number, "step": see `PromiseStep`, "due": the day}; a reminder's "rung"
        own         {"owner": id of the account, or null, "before": the same}
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField("序号")
    kind = models.CharField("动作", max_length=20, choices=[(a.value, a.label) for a in PetitionAction])
    state = models.CharField("此后状态", max_length=16, choices=[(s.value, s.label) for s in PetitionState])
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField("身份", max_length=20)
    data = models.JSONField("事项", default=dict)
    told = SealedTextField("告知来信人（密文）")
    note = SealedTextField("内部（密文）")

    class Meta:
        ordering = ["petition", "seq"]
        verbose_name = "信访历史"
        indexes = [models.Index("kind", "at", name="petitionevent_by_kind")]
        constraints = [
            models.UniqueConstraint("petition", "seq", name="petitionevent_in_sequence"),
            models.CheckConstraint(name="petitionevent_numbered_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(name="petitionevent_kind_known", condition=Q(kind__in=list(PetitionAction))),
            models.CheckConstraint(name="petitionevent_state_known", condition=Q(state__in=list(PetitionState))),
            models.CheckConstraint(
                name="petitionevent_starts_with_filing",
                condition=Q(seq=1, kind="file", state="filed") | Q(seq__gt=1) & ~Q(kind="file"),
            ),
            models.CheckConstraint(
                name="petitionevent_by_a_person_or_none",
                condition=Q(by__isnull=True, role__in=["filer", "system"])
                | Q(by__isnull=False) & ~Q(role__in=["filer", "system"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.seq} {self.kind}"

    @property
    def action(self) -> PetitionAction:
        """The kind, as the one that knows its label."""
        return PetitionAction(self.kind)


class ReviewOutcome(models.TextChoices):
    """What becomes of the opinion that a review, or a final review, looks at."""

    UPHELD = "upheld", "维持"
    CHANGED = "changed", "改变"


class Path(models.TextChoices):
    """Where a matter belongs that is not handled as a petition (data["path"] of redirect and not_accept)."""

    LITIGATION = "litigation", "诉讼、仲裁"
    REVIEW = "administrative_review", "行政复议"
    RULING = "ruling", "行政裁决、行政确认等法定程序"
    DISCIPLINE = "discipline", "纪检监察机关"
    OTHER_PLACE = "other_place", "有权处理的其他机关"
    CONCLUDED = "concluded", "复核已经终结"
    OTHER = "other", "其他法定途径"
