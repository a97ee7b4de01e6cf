"""The rows of petitions that are being filed, set by set: one from a form, or thousands from a list, by the same statements."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from households import audit
from households.codes import county_of
from households.models import User
from households.operations import Answer
from households.sql import NULL, as_bytea, as_text, column, copy_in, drawn, escaped, in_lines
from petitions.filing.asked import Filing
from petitions.filing.codes import digest_of, filer_key, new_code
from petitions.models import Accused, Petition
from petitions.sealed import SealedTextField
from petitions.search.indexing import keep_words_of
from petitions.states import FILER, PetitionAction, PetitionState
from petitions.steps.history import line_of
from petitions.steps.step import Step
from petitions.tallies import rows as tally_rows

PLAIN = ("channel", "way", "content", "kind", "demand")  # choices, which stand on the first line of the history, too


@dataclass(frozen=True, slots=True)
class Entry:
    """A filing that was found sound: under which id, when it came in, whom it accuses as `units.accused` gives them."""

    op_id: UUID
    filing: Filing
    at: datetime
    accused: list[dict[str, Any]] = field(default_factory=list)
    against_office: bool = False

    @property
    def series(self) -> tuple[str, int]:
        """Of which county and year it gets a number."""
        return county_of(self.filing.place), timezone.localdate(self.at).year


@dataclass(frozen=True, slots=True)
class _Given:
    """What a petition gets beside what was asked."""

    entry: Entry
    key: int
    case: int
    number: str
    data: dict[str, str]  # of the first line of its history
    first: tally_rows.First


def write(entries: Sequence[Entry], *, by: User | None, clocks: tally_rows.FirstClocks | None = None) -> list[Answer]:
    """Petitions with numbers, histories, clocks, words and log lines; what `operations` remembers of each, in order.

    In the caller's transaction, which has looked whether numbers given by others are there. `clocks` are kept from one set
    to the next.
    """
    clocks = clocks or tally_rows.FirstClocks()
    numbers = numbers_for([entry.series for entry in entries])
    cases = _cases(entries)
    keys = drawn("petitions_petition", len(entries))
    data = [{name: str(getattr(entry.filing, name)) for name in PLAIN} for entry in entries]
    firsts = [clocks.of(entry.at, held) for entry, held in zip(entries, data, strict=True)]
    given = list(map(_Given, entries, keys, cases, numbers, data, firsts))
    _write_petitions(given, by)
    Accused.objects.bulk_create(Accused(petition_id=one.key, **each) for one in given for each in one.entry.accused)
    _write_history(given, by)
    tally_rows.keep_first((one.key, _about(one), one.first.rows) for one in given)
    audit.record_all(line_of(one.number, _step(one.entry.at, by)) for one in given)
    keep_words_of((one.key, one.entry.filing) for one in given)
    return [{"petition": one.key, "number": one.number} for one in given]


_NEXT = """
    INSERT INTO petitions_numberseries (county, year, last) VALUES (%(county)s, %(year)s, %(count)s)
    ON CONFLICT (county, year) DO UPDATE SET last = petitions_numberseries.last + %(count)s
    RETURNING last
"""


def numbers_for(wanted: Sequence[tuple[str, int]]) -> list[str]:
    """The next numbers of counties and years; who files at the same moment waits for them, so that none is given twice."""
    series = {}
    for (county, year), count in sorted(Counter(wanted).items()):
        [last] = column(_NEXT, {"county": county, "year": year, "count": count})
        series[county, year] = iter(range(last - count + 1, last + 1))
    return [f"{county}-{year}-{next(series[county, year]):06d}" for county, year in wanted]


def _cases(entries: Sequence[Entry]) -> list[int]:
    """The case of each: a new one, unless it joins an earlier one."""
    fresh = [entry for entry in entries if entry.filing.case is None]
    keys = drawn("petitions_case", len(fresh)) if fresh else []
    if fresh:
        lines = (f"{key}\t{entry.at.isoformat()}" for key, entry in zip(keys, fresh, strict=True))
        copy_in("petitions_case", ("id", "opened_at"), lines)
    own = iter(keys)
    return [entry.filing.case.pk if entry.filing.case else next(own) for entry in entries]


def _write_petitions(given: Sequence[_Given], by: User | None) -> None:
    filings = [one.entry.filing for one in given]
    columns: dict[str, Sequence[str]] = {
        "id": as_text(one.key for one in given),
        "number": [one.number for one in given],
        "follow_digest": [digest_of(one.number, new_code(one.entry.op_id)) for one in given],
        "case_id": as_text(one.case for one in given),
        "place_id": [one.place for one in filings],
        "filer_key": [filer_key(one.phone) for one in filings],
        "household_id": [one.household.code if one.household else NULL for one in filings],
        "people": as_text(one.people for one in filings),
        "external_no": escaped([one.external_no for one in filings]),
        "external_link": escaped([one.external_link for one in filings]),
        "filed_at": as_text(one.entry.at.isoformat() for one in given),
        "filed_by_id": [str(by.pk) if by else NULL] * len(given),
        "due_on": [one.first.due.isoformat() if one.first.due else NULL for one in given],
        "against_office": as_text(one.entry.against_office for one in given),
        **{name: [one.data[name] for one in given] for name in PLAIN},
        **{name: _sealed(name, [getattr(one, asked) for one in filings]) for name, asked in _SEALED.items()},
        **{name: [value] * len(given) for name, value in _AT_FIRST.items()},
    }
    copy_in("petitions_petition", columns, in_lines(columns.values()))


_SEALED = {"title": "title", "text": "text", "enterprise": "enterprise", "filer_name": "name", "filer_phone": "phone"}
_AT_FIRST = {"state": str(PetitionState.FILED), "seq": "1", "paused": "f", "held": "f"}


def _sealed(name: str, texts: list[str]) -> list[str]:
    field = Petition._meta.get_field(name)
    assert isinstance(field, SealedTextField)
    return as_bytea(field.stored_all(texts))


def _write_history(given: Sequence[_Given], by: User | None) -> None:
    about = f"{PetitionAction.FILE}\t{PetitionState.FILED}\t{by.pk if by else NULL}\t{by.role if by else FILER}"
    lines = (f"{one.key}\t1\t{about}\t{one.entry.at.isoformat()}\t{json.dumps(one.data)}" for one in given)
    copy_in("petitions_petitionevent", ("petition_id", "seq", "kind", "state", "by_id", "role", "at", "data"), lines)


def _step(at: datetime, by: User | None) -> Step:
    return Step(PetitionAction.FILE, by, by.role if by else FILER, at=at)


def _about(one: _Given) -> tally_rows.Row:
    filing = one.entry.filing
    return tally_rows.about(number=one.number, channel=filing.channel, kind=filing.kind, content=filing.content)
