"""Whom a list means in a village, what stands on its sheet, and what became of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from households.codes import group_of
from households.masks import mask_name
from households.models import Division, Household, Plate, User
from households.months import Month, last_day
from households.register import looking
from households.register.reads import knows_names_of
from households.scope import lies_in
from scoring.batches.actions import BatchOutcome, entry_of
from scoring.batches.rules import FileEntry, ListedHousehold, MatchedLine, matched, tokens_in
from scoring.models import Clause, EntryBatch, ScoreEvent
from scoring.months.months import scheme_of
from scoring.schemes.authorities import belongs_to
from scoring.schemes.protected_acts import rests_on_sealed_record
from scoring.schemes.recorders import may_record
from scoring.sheets.actions.entries import is_secret_from
from scoring.sheets.ops import Status


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One entry of a batch before it is written: whose, and why the sheet would not take it (empty when it would)."""

    entry: FileEntry
    name: str
    group: str
    fault: str


@dataclass(frozen=True, slots=True)
class VillagePeople:
    """The households of a village in a month that a person sees, with their groups' names."""

    households: list[ListedHousehold]
    groups: dict[str, str]

    def name(self, code: str) -> str:
        """As the person may read it."""
        return next((one.name for one in self.households if one.code == code), code)


def people_of(village: Division, month: Month, by: User) -> VillagePeople:
    """Two queries. Names in full only for those who know them; a list then matches by code and plate alone."""
    inside = Household.objects.filter(lies_in(village.code)).within(by.scope).active(last_day(month)).order_by("code")
    knows = knows_names_of(by, by.division_id or "")
    rows = list(inside.values_list("code", "head_name", "initials"))
    if knows and rows:
        looking.note(by, looking.SHEET, [by.division_id or ""])
    households = [ListedHousehold(code, name if knows else mask_name(name), initials) for code, name, initials in rows]
    groups = dict(Division.objects.filter(lies_in(village.code)).values_list("code", "name"))
    return VillagePeople(households, groups)


def lines_meant(text: str, people: VillagePeople, by: User) -> list[MatchedLine]:
    """Whom each line of a list means."""
    tokens = tokens_in(text)
    known = Plate.objects.filter(token__in=tokens, revoked_at=None) if tokens else Plate.objects.none()
    plates = dict(known.values_list("token", "household_id"))
    knows = knows_names_of(by, by.division_id or "")
    searched = [one if knows else ListedHousehold(one.code) for one in people.households]
    codes = {one.code for one in searched}
    return matched(text, searched, {token: code for token, code in plates.items() if code in codes})


def clauses_for(month: Month, by: User) -> list[Clause]:
    """What the person may record in the month, by indicator."""
    scheme = Clause.objects.filter(scheme=scheme_of(month)).select_related("indicator")
    name = by.department.name if by.department else ""
    first = last_day(month)
    return [
        clause
        for clause in scheme.order_by("indicator__position", "code")
        if may_record(by.role, clause.recorder)
        and (not name or belongs_to(name, clause.text, clause.basis))
        and not rests_on_sealed_record(clause.kind, clause.text, clause.basis, first)
    ]


def foreseen(entries: Sequence[FileEntry], outcome: BatchOutcome, people: VillagePeople) -> list[BatchLine]:
    """Each entry with what its rehearsal said."""
    groups = people.groups
    return [
        BatchLine(
            entry,
            people.name(entry.code),
            groups.get(group_of(entry.code) if len(entry.code) > 14 else entry.code, ""),
            "" if told.status is Status.APPLIED else told.reason,
        )
        for entry, told in zip(entries, outcome.added, strict=True)
    ]


def standing_entries(village: Division, month: Month, by: User) -> list[ScoreEvent]:
    """Standing events of the village that the person sees and may read, in the order of places and days."""
    inside = ScoreEvent.objects.standing().filter(lies_in(village.code), period=month).within(by.scope)
    people = ("clause__indicator", "recorded_by__department")
    events = inside.select_related(*people).order_by("code", "date", "id")
    return [event for event in events if not is_secret_from(event, by)]


def as_entries(events: Sequence[ScoreEvent]) -> list[FileEntry]:
    """As a file says them."""
    return [entry_of(event) for event in events]


def batches_of(user: User, village: Division, month: Month) -> "QuerySet[EntryBatch]":
    """The newest first."""
    found: QuerySet[EntryBatch] = EntryBatch.objects.within(user.scope).filter(village=village, period=month)
    return found.select_related("by", "undone_by", "village")
