"""The staff's list of petitions: what a person may read, filtered, with lamps, and counted by lamp."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone

from households.codes import LENGTHS, Level
from households.models import Department, Division, User
from households.roles import Role
from households.scope import Scope
from petitions.models import Assignment, Channel, Content, Kind, Petition
from petitions.models.petitions import PetitionQuerySet
from petitions.search import Found, search
from petitions.states import PetitionState
from petitions.words import LONGEST

SOON = 5  # days before the due day from which a lamp is yellow
OFFICE_STATES = (
    PetitionState.FILED,
    PetitionState.ACCEPTED,
    PetitionState.CONTESTED,
    PetitionState.CONFIRMED,
    PetitionState.REVIEWING,
    PetitionState.FINAL_REVIEWING,
)
UNIT_STATES = (PetitionState.ASSIGNED, PetitionState.HANDLED)
FILER_STATES = (PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.REVIEWED)


class Lamp(StrEnum):
    LATE = "late"
    SOON = "soon"
    RUNNING = "running"
    PAUSED = "paused"
    FILER = "filer"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The lamp in Chinese."""
        return LAMP_LABELS[self]


LAMP_LABELS: dict[Lamp, str] = {
    Lamp.LATE: "已超期",
    Lamp.SOON: f"{SOON} 天内到期",
    Lamp.RUNNING: "在期限内",
    Lamp.PAUSED: "暂停计时",
    Lamp.FILER: "已答复未办结",
    Lamp.ENDED: "已结束",
}
MINE: dict[str, str] = {"turn": "等我处理", "filed": "我登记的"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; an empty part asks for nothing. `unit` is department:LYJ or division:430525100."""

    lamp: str = ""
    mine: str = ""
    state: str = ""
    channel: str = ""
    content: str = ""
    kind: str = ""
    within: str = ""
    unit: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()


def asked(query: Mapping[str, str]) -> Filter:
    """The filter of an address; what makes no sense is left out."""
    within = query.get("within", "")
    return Filter(
        lamp=_one_of(query.get("lamp", ""), Lamp),
        mine=_one_of(query.get("mine", ""), MINE),
        state=_one_of(query.get("state", ""), PetitionState),
        channel=_one_of(query.get("channel", ""), Channel.values),
        content=_one_of(query.get("content", ""), Content.values),
        kind=_one_of(query.get("kind", ""), Kind.values),
        within=within if within.isascii() and within.isdecimal() and len(within) in (9, 12) else "",
        unit=query.get("unit", "")[:40],
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST],
    )


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text in [str(each) for each in known] else ""


def lamp_condition(lamp: Lamp, today: date) -> Q:
    """Which petitions show this lamp on `today`. Every petition shows exactly one."""
    soon = today + timedelta(days=SOON)
    waits = Q(state__in=[*(state for state in PetitionState if state.is_open), PetitionState.CONFIRMED])
    return {
        Lamp.LATE: waits & Q(paused=False, due_on__lt=today),
        Lamp.SOON: waits & Q(paused=False, due_on__gte=today, due_on__lte=soon),
        Lamp.RUNNING: waits & Q(paused=False) & (Q(due_on__gt=soon) | Q(due_on=None)),
        Lamp.PAUSED: waits & Q(paused=True),
        Lamp.FILER: Q(state__in=[PetitionState.ANSWERED, PetitionState.REVIEWED]),
        Lamp.ENDED: ~waits & ~Q(state__in=[PetitionState.ANSWERED, PetitionState.REVIEWED]),
    }[lamp]


def lamp_of(petition: Petition, today: date) -> Lamp:
    """The lamp of one petition, by the same rule as `lamp_condition`."""
    return _lamp(petition.status, petition.paused, petition.due_on, today)


def _lamp(state: PetitionState, paused: bool, due_on: date | None, today: date) -> Lamp:
    if state in (PetitionState.ANSWERED, PetitionState.REVIEWED):
        return Lamp.FILER
    if not state.is_open and state is not PetitionState.CONFIRMED:
        return Lamp.ENDED
    if paused:
        return Lamp.PAUSED
    if due_on is None or due_on > today + timedelta(days=SOON):
        return Lamp.RUNNING
    return Lamp.LATE if due_on < today else Lamp.SOON


def turn_of(user: User) -> Q:
    """Which petitions wait for this person's office, department or township."""
    if user.role == Role.PETITION_OFFICE:
        return Q(state__in=OFFICE_STATES)
    if user.role in (Role.DEPARTMENT, Role.TOWNSHIP):
        unit = {"department": user.department_id} if user.department_id else {"division": user.division_id}
        leads = Assignment.objects.filter(petition=OuterRef("pk"), ended_at=None, lead=True, **unit)
        return Q(Exists(leads), state__in=UNIT_STATES)
    return Q(pk__in=[])


def found(petitions: PetitionQuerySet, wanted: Filter, user: User, today: date) -> Found:
    """What the filter lets through, its lamp not yet looked at: `lamps` counts these, `under_lamp` is the list."""
    exact = {"state": wanted.state, "channel": wanted.channel, "content": wanted.content, "kind": wanted.kind}
    petitions = petitions.filter(**{name: value for name, value in exact.items() if value})
    if wanted.within:
        petitions = petitions.filter(place__gte=wanted.within, place__lt=f"{wanted.within}:")
    if wanted.unit:
        petitions = petitions.filter(_of_unit(wanted.unit))
    if wanted.mine == "turn":
        petitions = petitions.filter(turn_of(user))
    elif wanted.mine == "filed":
        petitions = petitions.filter(filed_by=user)
    return _with_words(petitions, wanted.words, user)


def _with_words(petitions: PetitionQuerySet, words: str, user: User) -> Found:
    """What a person types to find one; who sees numbers alone cannot probe for words either."""
    if words and user.role == Role.COUNTY_OFFICE:
        return Found(petitions.filter(number__endswith=words))
    return search(petitions, words, user)


def under_lamp(petitions: PetitionQuerySet, lamp: str, today: date) -> PetitionQuerySet:
    """Those that show this lamp; all of them without one."""
    return petitions.filter(lamp_condition(Lamp(lamp), today)) if lamp else petitions


def _of_unit(unit: str) -> Q:
    kind, _, code = unit.partition(":")
    if kind not in ("department", "division"):
        return Q(pk__in=[])
    return Q(Exists(Assignment.objects.filter(petition=OuterRef("pk"), ended_at=None, **{kind: code})))


def lamps(petitions: PetitionQuerySet, today: date) -> dict[Lamp, int]:
    """How many show each lamp, in one statement: counted by what a lamp hangs on, which the index holds."""
    found = dict.fromkeys(Lamp, 0)
    grouped = petitions.order_by().values_list("state", "paused", "due_on").annotate(number=Count("pk"))
    for state, paused, due_on, number in grouped:
        found[_lamp(PetitionState(state), paused, due_on, today)] += number
    return found


def listed(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """In the order of the list: the most pressing first."""
    return petitions.order_by("due_on", "-id")


def with_rows(page: Sequence[int], *, texts: bool = False) -> list[Petition]:
    """What the rows of a page show, by keys in the order of the list; with `texts` for snippets.

    Keys first, rows afterwards: the index alone gives the keys of a page far down, without reading every row before it.
    """
    rows = Petition.objects.filter(pk__in=page)
    rows = rows.defer("filer_name", "filer_phone") if texts else rows.without_content()
    return list(listed(rows.select_related("place__parent").with_units_at_work()))


def departments() -> list[tuple[str, str]]:
    """Code and name of every department."""
    return list(Department.objects.order_by("name").values_list("code", "name"))


def units(county: str, today: date) -> list[tuple[str, str]]:
    """Everybody a petition may be assigned to, as value and name: departments, then the county's townships."""
    return _as_units(townships(county, today))


def _as_units(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    named = [(f"department:{code}", name) for code, name in departments()]
    return [*named, *((f"division:{code}", name) for code, name in places)]


def places_for(user: User, today: date) -> list[tuple[str, Any]]:
    """The places about which this person may file, as the options of a select: the county, then by township."""
    wide = user.role in (Role.PETITION_OFFICE, Role.DEPARTMENT)
    scope = Scope((county_of(user),)) if wide else user.scope
    found = Division.objects.within(scope).active(today).order_by("code").values_list("code", "name")
    choices: list[tuple[str, Any]] = []
    for code, name in found:
        if len(code) == LENGTHS[Level.TOWNSHIP] and scope.prefixes != (code,):
            choices.append((name, [(code, f"{name}（乡镇）")]))
        elif len(code) == LENGTHS[Level.VILLAGE] and choices and isinstance(choices[-1][1], list):
            choices[-1][1].append((code, name))
        elif len(code) <= LENGTHS[Level.VILLAGE] or not wide:
            choices.append((code, name))
    return choices


def choices_for(user: User, today: date) -> dict[str, list[tuple[str, str]]]:
    """By which townships ("places") and "units" this person may filter: who sees only his own has no such choice."""
    county_wide = user.role in (Role.PETITION_OFFICE, Role.COUNTY_OFFICE)
    places = townships(county_of(user), today) if county_wide or user.role == Role.DEPARTMENT else []
    return {"places": places, "units": _as_units(places) if county_wide else []}


def units_for(petition: Petition) -> list[tuple[str, str]]:
    """To whom this one may be assigned: not to those that it accuses."""
    accused = {one.unit for one in petition.accused.select_related("user")}
    return [unit for unit in units(petition.number[:6], timezone.localdate()) if unit[0] not in accused]


def accusable(petition: Petition) -> list[tuple[str, str]]:
    """Whom the petition office may note as accused: every unit, and the village that the petition is about."""
    place = petition.place
    village = [(f"division:{place.code}", place.name)] if len(place.code) >= LENGTHS[Level.VILLAGE] else []
    return village + units(petition.number[:6], timezone.localdate())


def recusable(petition: Petition, user: User) -> list[tuple[str, str]]:
    """Whom this person may declare to keep away: himself; for the petition office also those of the units at work."""
    own = [(user.username, f"我自己（{user.display_name}）")]
    if user.role != Role.PETITION_OFFICE:
        return own
    at_work = Assignment.objects.filter(petition=petition, ended_at=None)
    departments = Q(role=Role.DEPARTMENT, department__in=at_work.values("department"))
    staff = User.objects.filter(
        departments | Q(role=Role.TOWNSHIP, division__in=at_work.values("division")), is_active=True
    )
    return [
        *own,
        *(
            (each.username, f"{each.place_name} {each.display_name}")
            for each in staff.select_related("department", "division")
        ),
    ]


def townships(county: str, today: date) -> list[tuple[str, str]]:
    """Code and name of the county's townships."""
    within = Division.objects.within(Scope((county,))).active(today)
    found = within.alias(digits=Length("code")).filter(digits=LENGTHS[Level.TOWNSHIP])
    return list(found.order_by("code").values_list("code", "name"))


def county_of(user: User) -> str:
    """The code of the county a person works in; a department without linked villages has its answer from the tree."""
    digits = LENGTHS[Level.COUNTY]
    if user.division_id:
        return user.division_id[:digits]
    linked = next(iter(user.scope.prefixes), "")[:digits]
    return linked or Division.objects.filter(parent=None).values_list("code", flat=True).first() or "-"
