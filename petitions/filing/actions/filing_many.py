"""Petitions of a list, taken in together: each with the number, history, clocks and words that it would have got by itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import Division, User
from households.operations import claim_all, keep_all
from households.refusals import Refused
from petitions.clocks import deadlines
from petitions.filing.actions.filing import Filing, checked, first_event, numbers, operation_of, petition_of
from petitions.filing.codes import new_code
from petitions.models import Case, Petition, PetitionEvent
from petitions.search.indexing import keep_words_of
from petitions.steps.history import line_of
from petitions.tallies import rows as tally_rows


@dataclass(frozen=True, slots=True)
class ListedFiling:
    """One of a list: its id, what is asked (nobody accused), when it came in."""

    op_id: UUID
    filing: Filing
    at: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One that was refused, by its place in the list."""

    place: int
    refusal: Refused


def file_many(wanted: Sequence[ListedFiling], *, by: User | None) -> list[NotTaken]:
    """File them all, in one transaction, or none and say which are wrong; an id that was used before is wrong (409).

    The caller holds the lock on numbers given by others (`one_at_a_time("petitions")`) and has looked them up.
    """
    places = {one.filing.place for one in wanted}
    known = set(Division.objects.filter(pk__in=places).values_list("pk", flat=True))
    sound: list[ListedFiling] = []
    wrong: list[NotTaken] = []
    for place, one in enumerate(wanted):
        try:
            assert not one.filing.accused
            filing = checked(one.filing, by, one.at, places=known)
        except Refused as refusal:
            wrong.append(NotTaken(place, refusal))
        else:
            sound.append(ListedFiling(one.op_id, filing, one.at))
    if not wrong and sound:
        with transaction.atomic():
            wrong = list(_used_before(sound, by))
            if wrong:
                transaction.set_rollback(True)
            else:
                _write(sound, by)
    return wrong


def _used_before(sound: Sequence[ListedFiling], by: User | None) -> Iterator[NotTaken]:
    claimed = claim_all([operation_of(one.op_id, one.filing, by) for one in sound])
    for place, one in enumerate(sound):
        if one.op_id not in claimed:
            sentence = "这个来源编号已经交来过一次，没有登记成。"
            yield NotTaken(place, Refused("op_id_reused", sentence, fields={"external_no": "交来过"}, status=409))


def _write(sound: Sequence[ListedFiling], by: User | None) -> None:
    of_year = [(county_of(one.filing.place), timezone.localdate(one.at).year) for one in sound]
    series = {year: iter(numbers(*year, count)) for year, count in sorted(Counter(of_year).items())}
    cases = iter(Case.objects.bulk_create([Case(opened_at=one.at) for one in sound if one.filing.case is None]))
    petitions = [
        petition_of(
            one.filing,
            number=next(series[year]),
            code=new_code(one.op_id),
            case=one.filing.case or next(cases),
            by=by,
            at=one.at,
        )
        for one, year in zip(sound, of_year, strict=True)
    ]
    Petition.objects.bulk_create(petitions)
    begun = [first_event(petition, by, petition.filed_at) for petition in petitions]
    PetitionEvent.objects.bulk_create([event for _, event in begun])
    tally_rows.keep_all(
        (petition, [deadlines.history_line(event)]) for petition, (_, event) in zip(petitions, begun, strict=True)
    )
    keep_words_of(petitions)
    audit.record_all(line_of(petition, step) for petition, (step, _) in zip(petitions, begun, strict=True))
    answers = {
        one.op_id: {"petition": petition.pk, "number": petition.number}
        for one, petition in zip(sound, petitions, strict=True)
    }
    keep_all(answers)
