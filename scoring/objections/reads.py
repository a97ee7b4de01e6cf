"""Objections as pages, files and the interface show them: what is seen of one, and what the reader may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from households.codes import Level, is_level
from households.masks import mask_name
from households.models import Household, User
from households.months import Month
from households.permissions import Permission, may
from households.register.places import names_of
from households.register.reads import name_for
from households.roles import Role
from scoring.models import Adjustment, Clause, HouseholdScore, Objection, ObjectionStep, ScoreEvent, Subject
from scoring.objection_states import ABOVE, TABLE, ObjectionAction, ObjectionState
from scoring.objections.hearing import BROUGHT, OF_COUNTY, heard_by_county, why_not_hear
from scoring.rankings.effects import Effect
from scoring.readers import Reader
from scoring.restatements.effects import effects_of
from scoring.rules import Kind
from scoring.schemes.recorders import may_record
from scoring.schemes.redlines import PETITION
from scoring.states import AdjustmentState

MISSING = "做了好事没有记上"


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step in words; a ruling's own words are for the parties and those who decide."""

    at: object
    what: str
    who: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection as the reader may see it. `why_not` says why they may not rule now; empty for who may.

    `by_county` says that the county office hears it now, not the township.
    """

    objection: Objection
    place: str
    name: str
    what: str
    text: str
    steps: list[StepWords]
    why_not: str
    acts: list[ObjectionAction]
    by_county: bool

    @property
    def state_words(self) -> str:
        """The state, and of one that led to a correction what became of that."""
        return _outcome(self.objection, by_county=self.by_county)

    @property
    def hears(self) -> bool:
        return not self.why_not and ObjectionAction.UPHOLD in self.acts

    @property
    def is_overdue(self) -> bool:
        due = self.objection.due_on
        return due is not None and due < timezone.localdate()


def outcome(objection: Objection) -> str:
    """In one phrase, for everybody who sees the objection."""
    return outcomes_of([objection])[0]


def outcomes_of(objections: Sequence[Objection]) -> list[str]:
    """The phrase of each. One query when any stands above the village."""
    of_county = heard_by_county(objections)
    return [_outcome(one, by_county=one.pk in of_county) for one in objections]


def _outcome(objection: Objection, *, by_county: bool) -> str:
    correction = objection.adjustment.state if objection.adjustment else ""
    return outcome_of(ObjectionState(objection.state), correction, by_county=by_county)


def outcome_of(state: ObjectionState, correction: str, *, by_county: bool) -> str:
    """The same of a state, that of the correction it led to (empty without one), and whether the county office hears it."""
    if state is ObjectionState.SECOND:
        return "等县六零办复核" if by_county else "等乡镇复核"
    if state is not ObjectionState.UPHELD:
        return state.label
    if not correction:
        return "成立，已更正"
    words = {
        AdjustmentState.ASKED: "成立，等县六零办批准更正",
        AdjustmentState.GRANTED: "成立，已更正",
        AdjustmentState.REFUSED: "成立，但县六零办没有同意更正",
    }
    return words[AdjustmentState(correction)]


def objections_of(user: User) -> "QuerySet[Objection]":
    """What the person sees: their place's, without records that they may not read; a department its own findings alone."""
    found = Objection.objects.within(user.scope).whole()
    if not Reader(user).reads_petition_entries:
        found = found.exclude(event__clause__indicator__code=PETITION)
    if user.department_id:
        found = found.filter(event__recorded_by__department=user.department_id)
    return found.prefetch_related(Prefetch("steps", ObjectionStep.objects.select_related("by")))


def of_household(code: str) -> "QuerySet[Objection]":
    """What was filed about a household: by itself, from its page or on paper, and by others for it."""
    return Objection.objects.filter(code=code).whole().prefetch_related("steps")


def waiting_for(user: User) -> "QuerySet[Objection]":
    """Open ones that stand where somebody of the person's post decides: whoever is left out is told on the page."""
    states = {
        Role.CADRE: [ObjectionState.FIRST],
        Role.SUPERVISOR: [ObjectionState.FIRST],
        Role.TOWNSHIP: [ObjectionState.SECOND],
        Role.COUNTY_OFFICE: [ObjectionState.SECOND],
    }.get(Role(user.role), [])
    found = objections_of(user).filter(state__in=states)
    of_county = Q(pk__in=RawSQL(OF_COUNTY, []))  # noqa: S611 (a constant)
    if user.role in ABOVE:
        found = found.filter(of_county if user.role == Role.COUNTY_OFFICE else ~of_county)
    brought = Q(pk__in=ObjectionStep.objects.filter(by=user, action__in=BROUGHT).values("objection"))
    own = Q(event__recorded_by=user) | Q(event__confirmed_by=user) | brought
    return found.exclude(pk__in=Objection.objects.filter(own, state__in=states).values("pk"))


def lines_of(objections: Sequence[Objection], user: User) -> list[ObjectionLine]:
    """One line each; what was written only for those who decide, and for who wrote it."""
    codes = [one.code for one in objections]
    places = names_of(codes) if codes else {}
    heads = Household.objects.in_bulk(codes) if codes else {}
    of_county = heard_by_county(objections)
    return [_line(one, places[one.code], heads.get(one.code), user, of_county) for one in objections]


def _line(one: Objection, place: str, head: Household | None, user: User, of_county: frozenset[int]) -> ObjectionLine:
    deals = may(user, Permission.HEAR_OBJECTION, at=one.code) or one.filed_by_id == user.pk
    return ObjectionLine(
        objection=one,
        place=place,
        name=f"{name_for(head, user)}家" if head else "",
        what=what_of(one),
        text=one.text if deals else "",
        steps=[told_step(step, deals=deals) for step in one.steps.all()],
        why_not=why_not_hear(user, one, of_county) if ObjectionState(one.state).is_open else "",
        acts=TABLE.actions_for(user.role, ObjectionState(one.state)),
        by_county=one.pk in of_county,
    )


def refusal_of(one: Objection) -> str:
    """Why the county office did not grant the correction that it led to; empty for any other."""
    asked = one.adjustment
    return asked.answer if asked and asked.state == AdjustmentState.REFUSED else ""


def is_own(one: Objection) -> bool:
    """Whether the household filed it itself: what others wrote is not for it to read, the ruling is."""
    return one.way in ("plate", "paper")


def what_of(one: Objection) -> str:
    """What it is about."""
    return event_words(one.event) if one.event else MISSING


def event_words(event: ScoreEvent) -> str:
    """A record in one line."""
    return f"{event.clause.indicator.name}：{event.clause.text}（{event.date:%Y-%m-%d}）"


def told_step(step: ObjectionStep, *, deals: bool) -> StepWords:
    name = f" {step.by.display_name}" if step.by and deals else ""
    reason = step.get_public_reason_display() if step.public_reason else ""
    return StepWords(step.at, step.action_label, f"{step.post_label}{name}", reason, step.words if deals else "")


def events_open_to(month: Month, code: str, user: User) -> list[ScoreEvent]:
    """Standing events of a household or division that the person may object to, or key in an objection to."""
    found = ScoreEvent.objects.standing().filter(period=month, code=code).within(user.scope)
    if not Reader(user).reads_petition_entries:
        found = found.exclude(clause__indicator__code=PETITION)
    if user.department_id:
        found = found.filter(recorded_by__department=user.department_id)
    return list(found.select_related("clause__indicator", "recorded_by").order_by("date", "id"))


def bonus_clauses(one: Objection, user: User) -> list[Clause]:
    """What somebody who upholds may add: bonus clauses for households that their post records, never of 零非访."""
    fitting = Clause.objects.filter(
        scheme=one.period.scheme_id, kind=Kind.BONUS, subject__in=[Subject.HOUSEHOLD, Subject.BOTH], second_person=False
    )
    known = (
        fitting.exclude(indicator__code=PETITION).select_related("indicator").order_by("indicator__position", "code")
    )
    return [clause for clause in known if may_record(user.role, clause.recorder)]


def effects_if_upheld(one: Objection) -> list[Effect]:
    """What upholding does to every level, by the rows as they stand now; of something missing nothing is known before its clause."""
    if one.event is None or not one.event.confirmed_at or not _has_result(one):
        return []
    return effects_of(Adjustment(period=one.period, code=one.code, event=one.event))


def _has_result(one: Objection) -> bool:
    scored = HouseholdScore.objects.filter(month=one.period_id, code=one.code)
    return scored.exists() if is_level(one.code, Level.HOUSEHOLD) else True


def masked_head(one: Objection) -> str:
    """张*家, for papers."""
    head = Household.objects.filter(pk=one.code).values_list("head_name", flat=True).first()
    return mask_name(head or "")
