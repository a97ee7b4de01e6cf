"""Findings as pages, files and the interface show them: what was found, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from households.codes import Level, is_level
from households.models import Household, User
from households.months import Month, last_day
from households.permissions import Permission, may
from households.register.places import names_of
from households.register.reads import name_for
from scoring.finding_states import FindingState
from scoring.findings.actions.answering import REVIEWED
from scoring.models import Clause, Finding, FindingAnswer, ScoreEvent, Sheet, Source, Subject
from scoring.models.findings import FindingQuerySet
from scoring.months.months import scheme_of
from scoring.schemes.authorities import belongs_to
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.recorders import may_record
from scoring.states import SheetState


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding as the reader may see it, and what they may do about it now."""

    finding: Finding
    state: FindingState
    place: str
    name: str
    answers: list[FindingAnswer]
    sheet: SheetState
    explains: bool = False
    corrects: bool = False
    declines: bool = False
    withdraws: bool = False

    @property
    def state_words(self) -> str:
        """What became of it, in one phrase."""
        event = self.finding.event
        if self.state is FindingState.WITHDRAWN:
            return f"已撤回：{self.finding.withdraw_reason or (event.withdraw_reason if event else '')}"
        if self.state is FindingState.COUNTED and self.finding.adjustment:
            return "已更正，计入各级结果"
        if self.state is FindingState.LATE and self.sheet in REVIEWED:
            return f"{self.sheet.label}，等乡镇处理"
        return self.state.label


def findings_of(user: User) -> FindingQuerySet:
    """What the person sees: of a department its own, of everybody else those of their place."""
    found = Finding.objects.whole()
    return found.filter(department=user.department_id) if user.department_id else found.within(user.scope)


def waiting_for(user: User) -> FindingQuerySet:
    """Late ones that wait for the person's post: a village's to explain while it is declared, a township's to put right."""
    found = Finding.objects.late().within(user.scope)
    if may(user, Permission.ASK_RESTATEMENT):
        return found
    declared = Sheet.objects.within(user.scope).filter(state=SheetState.DECLARED)
    return found.filter(period__in=declared.values("period")) if may(user, Permission.DECLARE) else found.none()


def lines_of(findings: Sequence[Finding], user: User) -> list[FindingLine]:
    """One line each."""
    codes = [one.code for one in findings]
    places = names_of(codes) if codes else {}
    heads = Household.objects.in_bulk([code for code in codes if is_level(code, Level.HOUSEHOLD)]) if codes else {}
    states = _states_of(findings)
    return [_line(one, places[one.code], heads.get(one.code), states, user) for one in findings]


def _states_of(findings: Sequence[Finding]) -> dict[tuple[str, str], SheetState]:
    """Of the sheets that they are about. One query."""
    months = {one.period_id for one in findings}
    villages = {one.code[: Level.VILLAGE.code_length] for one in findings}
    known = Sheet.objects.filter(period__in=months, village__in=villages) if findings else Sheet.objects.none()
    return {
        (month, village): SheetState(state)
        for month, village, state in known.values_list("period_id", "village", "state")
    }


def _line(
    one: Finding, place: str, head: Household | None, states: dict[tuple[str, str], SheetState], user: User
) -> FindingLine:
    state = one.state
    sheet = states.get((one.period_id, one.code[: Level.VILLAGE.code_length]), SheetState.OPEN)
    unlanded = state in (FindingState.LATE, FindingState.EXPLAINED)
    asks = unlanded and may(user, Permission.ASK_RESTATEMENT, at=one.code)
    own = user.department_id is not None and one.department_id == user.department_id
    return FindingLine(
        finding=one,
        state=state,
        place=place,
        name=f"{name_for(head, user)}家" if head else "",
        answers=list(one.answers.all()),
        sheet=sheet,
        explains=state is FindingState.LATE
        and sheet is not SheetState.OPEN
        and may(user, Permission.DECLARE, at=one.code),
        corrects=asks and sheet is SheetState.FROZEN,
        declines=asks and sheet in REVIEWED,
        withdraws=own and (unlanded or (sheet is SheetState.OPEN and one.event is not None and state.is_open)),
    )


def clauses_of(user: User, month: Month, code: str) -> list[Clause]:
    """Those that the department may file under for this place: its own, of this kind of place, resting on no sealed record."""
    wanted = Subject.HOUSEHOLD if is_level(code, Level.HOUSEHOLD) else Subject.DIVISION
    fitting = Clause.objects.filter(scheme=scheme_of(month), subject__in=[wanted, Subject.BOTH])
    name = user.department.name if user.department else ""
    last = last_day(month)
    return [
        clause
        for clause in fitting.select_related("indicator").order_by("indicator__position", "code")
        if may_record(user.role, clause.recorder)
        and belongs_to(name, clause.text, clause.basis)
        and not rests_on_sealed_record(clause.kind, clause.text, clause.basis, last)
    ]


def recorded_directly(user: User) -> "QuerySet[ScoreEvent]":
    """What the department wrote on sheets itself, beside its findings."""
    own = ScoreEvent.objects.filter(recorded_by__department=user.department_id or "").exclude(source=Source.FINDING)
    return own.select_related("clause", "recorded_by", "confirmed_by").order_by("-id")
