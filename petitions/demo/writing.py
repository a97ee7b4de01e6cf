"""Made-up lives written down set by set: the rows that the doors would have written, thousands in a few seconds.

Numbers, states and due days are those of the histories: `manage.py verify_petitions` holds for them as for any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.crypto import get_random_string

from households.codes import township_of
from households.models import Household, User
from households.register.phones import decrypt
from households.sql import run
from petitions.clock_types import HistoryLine
from petitions.clocks import deadlines
from petitions.demo.lives import OFFICE, UNIT, Life, LifeStep
from petitions.filing.codes import ALPHABET, LENGTH, digest_of, filer_key
from petitions.models import Assignment, Case, NumberSeries, Petition, PetitionEvent, Rating, Via
from petitions.search.indexing import index_petitions
from petitions.states import FILER, SYSTEM, PetitionAction
from petitions.tallies import rows as tally_rows

TOLD = "办理情况说明：{did}处理意见：{answer}"
_GROWN = "petitions_petition, petitions_petitionevent, petitions_assignment, petitions_rating, petitions_case"
_SHOWN = 12  # characters of a village's name that fit into a title


@dataclass(frozen=True)
class PetitionCast:
    """Who plays: the petition office, one person of every unit that handles (by "department:CODE"), and who files.

    `names` are the villages' names by code, `departments` the departments' codes by name.
    """

    county: str
    office: User
    units: dict[str, User]
    filers: Sequence[Household]
    names: dict[str, str]
    departments: dict[str, str]

    def unit(self, life: Life) -> str:
        """Who handles it: the matter's department, or the place's township."""
        code = self.departments.get(life.matter.unit, "")
        wanted = f"department:{code}"
        return wanted if wanted in self.units else f"division:{township_of(life.place)}"


def write(lives: Sequence[Life], cast: PetitionCast) -> int:
    """Write the lives down, earliest first; returns how many. In the caller's transaction."""
    petitions = [_petition(life, cast) for life in lives]
    _number(petitions, cast.county)
    Case.objects.bulk_create([petition.case for petition in petitions])
    Petition.objects.bulk_create(_with_case(petitions))
    pairs = list(zip(lives, petitions, strict=True))
    events = [_event(line, seq, petition, life, cast) for life, petition in pairs for seq, line in _numbered(life)]
    PetitionEvent.objects.bulk_create(events, batch_size=2000)
    Assignment.objects.bulk_create(row for life, petition in pairs for row in _assignments(life, petition, cast))
    Rating.objects.bulk_create(row for life, petition in pairs for row in _ratings(life, petition))
    run(f"ANALYZE {_GROWN}")  # the planner should know the new sizes before these rows are read
    read = deadlines.histories([petition.pk for petition in petitions])
    tally_rows.keep_all((petition, read[petition.pk]) for petition in petitions)
    index_petitions()
    return len(petitions)


def _numbered(life: Life) -> Iterable[tuple[int, LifeStep]]:
    return enumerate(life.lines, start=1)


def _petition(life: Life, cast: PetitionCast) -> Petition:
    household = cast.filers[life.person % len(cast.filers)]
    standing = deadlines.clock_columns_of(
        [HistoryLine(line.action, line.at, _data(line, life, cast)) for line in life.lines]
    )
    return Petition(
        case=Case(opened_at=life.filed_at),
        channel=life.channel,
        way=life.way,
        content=life.content,
        kind=life.kind,
        demand=life.demand,
        place_id=life.place,
        title=_worded(life.matter.title, life, cast),
        text=_worded(life.matter.text, life, cast),
        filer_name=household.head_name,
        filer_phone=decrypt(household.phone),
        filer_key=filer_key(decrypt(household.phone)),
        enterprise=life.enterprise,
        filed_at=life.filed_at,
        state=life.lines[-1].state,
        seq=len(life.lines),
        **standing,
    )


def _worded(text: str, life: Life, cast: PetitionCast) -> str:
    return text.replace("{place}", cast.names[life.place][:_SHOWN])


def _number(petitions: Sequence[Petition], county: str) -> None:
    """Numbers of their years, and codes that nobody knows."""
    for year, filed in groupby(petitions, key=lambda petition: timezone.localdate(petition.filed_at).year):
        listed = list(filed)
        series, _ = NumberSeries.objects.get_or_create(county=county, year=year)
        for serial, petition in enumerate(listed, start=series.last + 1):
            petition.number = f"{county}-{year}-{serial:06d}"
            petition.follow_digest = digest_of(petition.number, get_random_string(LENGTH, ALPHABET))
        NumberSeries.objects.filter(pk=series.pk).update(last=series.last + len(listed))


def _with_case(petitions: Iterable[Petition]) -> Iterable[Petition]:
    for petition in petitions:
        petition.case_id = petition.case.pk
        yield petition


def _event(line: LifeStep, seq: int, petition: Petition, life: Life, cast: PetitionCast) -> PetitionEvent:
    by = _actor(line, life, cast)
    return PetitionEvent(
        petition=petition,
        seq=seq,
        kind=line.action,
        state=line.state,
        at=line.at,
        by=by,
        role=by.role if by else FILER if line.who == FILER else SYSTEM,
        data=_data(line, life, cast),
        told=_told(line, life),
        note=life.matter.did if line.action is PetitionAction.HANDLE else line.note,
    )


def _actor(line: LifeStep, life: Life, cast: PetitionCast) -> User | None:
    if line.who == OFFICE:
        return cast.office
    return cast.units[cast.unit(life)] if line.who == UNIT else None


def _told(line: LifeStep, life: Life) -> str:
    if line.action is PetitionAction.ANSWER:
        return TOLD.format(did=life.matter.did, answer=life.matter.answer)
    return line.told


def _data(line: LifeStep, life: Life, cast: PetitionCast) -> dict[str, object]:
    if line.action is PetitionAction.FILE:
        return {name: str(getattr(life, name)) for name in ("channel", "way", "content", "kind", "demand")}
    if line.action is PetitionAction.ASSIGN:
        return {"lead": cast.unit(life), "joint": []}
    return dict(line.data)


def _assignments(life: Life, petition: Petition, cast: PetitionCast) -> Iterable[Assignment]:
    for line in life.lines:
        if line.action is PetitionAction.ASSIGN:
            kind, _, code = cast.unit(life).partition(":")
            place = {f"{kind}_id": code}
            yield Assignment(petition=petition, lead=True, at=line.at, by=cast.office, **place)


def _ratings(life: Life, petition: Petition) -> Iterable[Rating]:
    for line in life.lines:
        if line.action is PetitionAction.RATE:
            yield Rating(petition=petition, via=Via.PAGE, at=line.at, **line.data)
