"""A month of a village as its supervision committee reports on it: figures, its own sample, objections."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from households.codes import group_of, serial_of, village_of
from households.models import Division, Household, User
from households.months import Month
from households.register.reads import name_for
from households.scope import lies_in
from scoring import rules
from scoring.models import Declaration, DivisionScore, Indicator, ScoreEvent, Sheet
from scoring.objection_states import ObjectionState
from scoring.objections.reads import ObjectionLine, lines_of, objections_of
from scoring.reviews.draws import draw_of
from scoring.rules import Kind
from scoring.states import SheetState
from scoring.supervision.rules import sample_seed, sampled


@dataclass(frozen=True, slots=True)
class SampledHousehold:
    """A household to visit: masked, and what stands recorded of it."""

    code: str
    group: str
    number: str
    name: str
    events: int


@dataclass(frozen=True, slots=True)
class ZeroFigures:
    """What stands recorded under one zero."""

    name: str
    deductions: int
    reminders: int
    bonuses: int
    withdrawn: int


@dataclass(frozen=True)
class VillageReport:
    """One month. Without a declaration there is no sample, without a roll-up no result."""

    month: Month
    village: Division
    state: SheetState
    declaration: Declaration | None
    seed: str
    sample: Sequence[SampledHousehold]
    score: DivisionScore | None
    zeros: Sequence[ZeroFigures]
    objections: Sequence[ObjectionLine]

    @property
    def result(self) -> str:
        return rules.display(rules.result(self.score.total, self.score.households)) if self.score else ""

    @property
    def open_objections(self) -> list[ObjectionLine]:
        return [line for line in self.objections if ObjectionState(line.objection.state).is_open]

    @property
    def over(self) -> list[ObjectionLine]:
        return [line for line in self.objections if not ObjectionState(line.objection.state).is_open]


def months_declared(user: User) -> list[Month]:
    """Months that the village has signed for, the newest first."""
    declared = Sheet.objects.filter(village=_village(user)).exclude(state=SheetState.OPEN)
    return list(declared.order_by("-period").values_list("period_id", flat=True))


def report_of(month: Month, user: User) -> VillageReport:
    """The month of the person's village."""
    village = Division.objects.select_related("parent").get(code=_village(user))
    sheet = Sheet.objects.filter(period=month, village=village).first()
    signed = Declaration.objects.filter(sheet=sheet, withdrawn_at=None).select_related("sheet", "signed_by").first()
    seed, codes = _sample(signed)
    return VillageReport(
        month=month,
        village=village,
        state=SheetState(sheet.state) if sheet else SheetState.OPEN,
        declaration=signed,
        seed=seed,
        sample=_households(codes, month, user),
        score=DivisionScore.objects.filter(month=month, code=village.code).first(),
        zeros=_zeros(month, village.code),
        objections=lines_of(list(objections_of(user).filter(period=month).order_by("pk")), user),
    )


def _village(user: User) -> str:
    return village_of(user.division_id or "")


def _sample(signed: Declaration | None) -> tuple[str, list[str]]:
    if signed is None:
        return "", []
    draw = draw_of(signed)
    return sample_seed(draw.seed), sampled(draw.seed, signed.households, draw.households)


def _households(codes: Sequence[str], month: Month, user: User) -> list[SampledHousehold]:
    found = Household.objects.select_related("group").in_bulk(codes)
    standing = ScoreEvent.objects.standing().filter(period=month, code__in=codes).order_by()
    events = dict(standing.values_list("code").annotate(Count("pk")))
    groups = {code: found[code].group.name if code in found else group_of(code) for code in codes}
    return [
        SampledHousehold(
            code,
            groups[code],
            serial_of(code),
            name_for(found[code], user) if code in found else "",
            events.get(code, 0),
        )
        for code in codes
    ]


def _zeros(month: Month, village: str) -> list[ZeroFigures]:
    """Counts alone: of 零非访 nobody reads more here than the notice says."""
    inside = ScoreEvent.objects.filter(lies_in(village), period=month)
    stands = Q(withdrawn_at=None)
    counted = (
        inside.order_by()
        .values("indicator")
        .annotate(
            **{kind.value: Count("pk", filter=stands & Q(kind=kind)) for kind in Kind}, gone=Count("pk", filter=~stands)
        )
    )
    by_position = {row["indicator"]: row for row in counted}
    indicators = Indicator.objects.filter(scheme__periods=month).order_by("position")
    nothing = dict.fromkeys([*(kind.value for kind in Kind), "gone"], 0)
    rows = [(one.name, by_position.get(one.position, nothing)) for one in indicators]
    return [ZeroFigures(name, row["deduct"], row["remind"], row["bonus"], row["gone"]) for name, row in rows]
