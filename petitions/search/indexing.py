"""Keeping the words by which petitions are found: when one is filed, when a line adds words, and for those without."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from households.paging import in_batches, in_rounds
from households.sql import copy_in, run
from petitions.models import Petition, PetitionEvent, PetitionWords
from petitions.models.petitions import PetitionQuerySet
from petitions.sealed import UnreadableText
from petitions.search.index import FiledWords, Text, digests_of, recipe, texts_as_filed, texts_of_line
from petitions.states import PetitionAction

AT_ONCE = 200  # petitions of one transaction
WORDY = Q(told__isnull=False) | Q(kind=PetitionAction.SUPPLEMENT, note__isnull=False)  # lines that add words

_KEEP = """
    INSERT INTO petitions_petitionwords (petition_id, words, seq, recipe)
    VALUES (%(petition)s, %(words)s::bigint[], %(seq)s, %(recipe)s)
    ON CONFLICT (petition_id) DO UPDATE SET words = EXCLUDED.words, seq = EXCLUDED.seq, recipe = EXCLUDED.recipe
"""
_EXTEND = """
    UPDATE petitions_petitionwords
    SET words = ARRAY(SELECT DISTINCT one FROM unnest(words || %(words)s::bigint[]) one ORDER BY one), seq = %(seq)s
    WHERE petition_id = %(petition)s AND recipe = %(recipe)s
"""


def keep_words(petition: Petition, lines: list[PetitionEvent], seq: int) -> None:
    """The whole row, from the petition as filed and its lines up to `seq`. In the caller's transaction."""
    texts = [*texts_as_filed(petition), *(text for line in lines for text in texts_of_line(line))]
    _run(_KEEP, petition.pk, texts, seq)


def keep_words_of(filed: Iterable[tuple[int, FiledWords]]) -> None:
    """The rows of petitions that are just being filed, by primary key. In the caller's transaction."""
    made = recipe()
    lines = (f"{petition}\t{{{_numbers(one)}}}\t1\t{made}" for petition, one in filed)
    copy_in("petitions_petitionwords", ("petition_id", "words", "seq", "recipe"), lines)


def _numbers(filed: FiledWords) -> str:
    """As text: by the model's field each of the hundreds of numbers takes as long as the rest of a row."""
    return str(digests_of(texts_as_filed(filed)))[1:-1]


def add_words(petition: Petition, line: PetitionEvent) -> None:
    """What a new line of the history adds, if anything. In the caller's transaction, the petition's row locked.

    A petition that has no row yet gets none: `index_petitions` will read all of it.
    """
    texts = texts_of_line(line)
    if texts:
        _run(_EXTEND, petition.pk, texts, line.seq)


def _run(sql: str, petition: int, texts: list[Text], seq: int) -> None:
    run(sql, {"petition": petition, "words": digests_of(texts), "seq": seq, "recipe": recipe()})


def unindexed() -> PetitionQuerySet:
    """Petitions with content whose row is missing, of another recipe, or behind their history."""
    rows = PetitionWords.objects.filter(petition=OuterRef("pk"), recipe=recipe())
    newer = PetitionEvent.objects.filter(WORDY, petition=OuterRef("petition"), seq__gt=OuterRef("seq"))
    return Petition.objects.filter(~Exists(rows.filter(~Exists(newer))), erased_at=None)


def index_petitions(tell: Callable[[int], None] | None = None) -> int:
    """Give words to all that lack them, the newest first; returns how many. Stopped halfway it goes on the next time.

    Whoever is being worked on at the moment is passed over and taken in the next round.
    """
    return in_rounds(_index_some, tell)


@transaction.atomic
def _index_some() -> int:
    locked = unindexed().select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(locked.order_by("-pk")[:AT_ONCE])
    lines = dict(_lines_of(found))
    for petition in found:
        keep_words(petition, lines.get(petition.pk, []), petition.seq)
    return len(found)


def _lines_of(petitions: list[Petition]) -> Iterator[tuple[int, list[PetitionEvent]]]:
    wordy = PetitionEvent.objects.filter(WORDY, petition__in=petitions).order_by("petition", "seq")
    for petition, lines in groupby(wordy, key=lambda line: line.petition_id):
        yield petition, list(lines)


def wrong_words() -> Iterator[str]:
    """Numbers of petitions whose words are not those of their texts: there must be none. Repairs nothing."""
    yield from unindexed().order_by("pk").values_list("number", flat=True)
    current = PetitionWords.objects.filter(recipe=recipe()).select_related("petition")
    for rows in in_batches(current, AT_ONCE):
        lines = dict(_lines_of([row.petition for row in rows]))
        yield from (row.petition.number for row in rows if not _is_right(row, lines.get(row.pk, [])))


def _is_right(row: PetitionWords, lines: list[PetitionEvent]) -> bool:
    """What cannot be read cannot be held against its words; that it cannot be read is told elsewhere."""
    filed = (row.petition.title, row.petition.enterprise, row.petition.text)
    sealed = [*filed, *(text for line in lines for text in (line.told, line.note))]
    if any(isinstance(text, UnreadableText) for text in sealed):
        return True
    texts = [*texts_as_filed(row.petition), *(text for line in lines for text in texts_of_line(line))]
    return row.words == digests_of(texts)
