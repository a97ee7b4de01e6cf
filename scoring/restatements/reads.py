"""Adjustments as pages show them: one line each in words, and what may be asked for in a month."""

from dataclasses import dataclass

from django.db.models import QuerySet

from households.codes import Level, is_level
from households.models import User
from households.months import Month, first_day
from households.permissions import Permission, may
from households.register.places import names_of
from households.roles import Role
from scoring.models import Adjustment, Clause, ScoreEvent, Subject
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.recorders import may_record
from scoring.schemes.redlines import PETITION
from scoring.sheets.actions.entries import is_secret_from
from scoring.states import AdjustmentState
from scoring.why.events import WITHHELD


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """One adjustment in words.

    What 零非访 entries say is withheld from those who may not read them. The free words of request and decision (`reason`, `answer`) are
    for those who ask and decide; everybody else reads the reason of the list.
    """

    adjustment: Adjustment
    place: str
    what: str
    reason: str
    answer: str

    @property
    def told(self) -> str:
        """The reason of the list, and what was written for those who may read it."""
        return "：".join(filter(None, (self.adjustment.get_public_reason_display(), self.reason)))

    @property
    def state(self) -> AdjustmentState:
        return AdjustmentState(self.adjustment.state)

    @property
    def verb(self) -> str:
        return "撤回" if self.adjustment.withdraws else "补记"


def adjustments_of(user: User) -> "QuerySet[Adjustment]":
    """What the person sees, newest first."""
    people = ("clause__indicator", "event__clause__indicator", "asked_by", "decided_by")
    return Adjustment.objects.within(user.scope).select_related(*people)


def lines_of(adjustments: list[Adjustment], user: User) -> list[AdjustmentLine]:
    """One line each, in two queries at most."""
    names = names_of([one.code for one in adjustments]) if adjustments else {}
    return [_line(adjustment, names[adjustment.code], user) for adjustment in adjustments]


def _line(adjustment: Adjustment, place: str, user: User) -> AdjustmentLine:
    secret = adjustment.event is not None and is_secret_from(adjustment.event, user)
    clause = adjustment.clause or (adjustment.event.clause if adjustment.event else None)
    words = f"{clause.indicator.name} {clause.code} {clause.text}" if clause else ""
    deals = may(user, Permission.ASK_RESTATEMENT) or may(user, Permission.GRANT_RESTATEMENT)
    free = (adjustment.reason, adjustment.answer) if deals and not secret else ("", "")
    return AdjustmentLine(adjustment, place, WITHHELD if secret else words, *free)


def clauses_for(month: Month, code: str, user: User) -> list[Clause]:
    """Clauses that a township may ask to add for a household or a division: never those of 零非访."""
    subject = Subject.HOUSEHOLD if is_level(code, Level.HOUSEHOLD) else Subject.DIVISION
    fitting = Clause.objects.filter(scheme__periods=month, subject__in=[subject, Subject.BOTH])
    wanted = fitting.exclude(indicator__code=PETITION).select_related("indicator")
    known = wanted.order_by("indicator__position", "code")
    day = first_day(month)
    allowed = [c for c in known if not rests_on_sealed_record(c.kind, c.text, c.basis, day)]
    return [c for c in allowed if may_record(user.role, c.recorder) or may_record(Role.COUNTY_OFFICE, c.recorder)]


def standing_events(month: Month, code: str) -> list[ScoreEvent]:
    """Events of a household or division that could be taken back, in their order."""
    standing = ScoreEvent.objects.standing().filter(period=month, code=code)
    return list(standing.select_related("clause__indicator", "recorded_by").order_by("date", "id"))


def may_decide(adjustment: Adjustment, user: User) -> bool:
    """Whether the person holds the second key of this one."""
    waiting = adjustment.state == AdjustmentState.ASKED and adjustment.asked_by_id != user.pk
    return waiting and may(user, Permission.GRANT_RESTATEMENT, at=adjustment.code)
