"""Petitions of a list, taken in together: each with the number, history, clocks and words that it would have got by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from households.imports.problems import Tell, quiet
from households.models import Division, User
from households.operations import claim_all, keep_all
from households.paging import batched
from households.refusals import Refused
from petitions.filing.actions.filing import checked, entry_of, operation_of
from petitions.filing.actions.writing import Entry, write
from petitions.filing.asked import Filing
from petitions.tallies.rows import FirstClocks

AT_ONCE = 1000  # petitions written by the same statements


@dataclass(frozen=True, slots=True)
class ListedFiling:
    """One of a list: its id, what is asked, when it came in."""

    op_id: UUID
    filing: Filing
    at: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One that was refused, by its place in the list."""

    place: int
    refusal: Refused


def file_many(wanted: Sequence[ListedFiling], *, by: User | None, tell: Tell = quiet) -> list[NotTaken]:
    """File them all, in one transaction, or none and say which are wrong; an id that was used before is wrong (409).

    The caller holds the lock on numbers given by others (`one_at_a_time("petitions")`) and has looked them up.
    """
    places = {one.filing.place for one in wanted}
    known = set(Division.objects.filter(pk__in=places).values_list("pk", flat=True))
    sound: list[Entry] = []
    wrong: list[NotTaken] = []
    for place, one in enumerate(wanted):
        try:
            filing = checked(one.filing, by, one.at, places=known)
            sound.append(entry_of(one.op_id, filing, one.at, by))
        except Refused as refusal:
            wrong.append(NotTaken(place, refusal))
    if not wrong and sound:
        with transaction.atomic():
            wrong = list(_used_before(sound, by))
            if wrong:
                transaction.set_rollback(True)
            else:
                _write(sound, by, tell)
    return wrong


def _used_before(sound: Sequence[Entry], by: User | None) -> Iterator[NotTaken]:
    claimed = {
        op_id
        for some in batched(sound, AT_ONCE)
        for op_id in claim_all([operation_of(one.op_id, one.filing, by) for one in some])
    }
    for place, one in enumerate(sound):
        if one.op_id not in claimed:
            sentence = "这个来源编号已经交来过一次，没有登记成。"
            yield NotTaken(place, Refused("op_id_reused", sentence, fields={"external_no": "交来过"}, status=409))


def _write(sound: Sequence[Entry], by: User | None, tell: Tell) -> None:
    clocks, done = FirstClocks(), 0
    for some in batched(sound, AT_ONCE):
        answers = write(some, by=by, clocks=clocks)
        keep_all({one.op_id: answer for one, answer in zip(some, answers, strict=True)})
        done += len(some)
        tell("登记", done / len(sound))
