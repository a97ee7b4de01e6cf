"""Why a petition was found: its title, and the piece of its texts around the first hit, with the hits marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from petitions.models import Petition
from petitions.search.index import Part, Text
from petitions.search.search import Word, later_texts
from petitions.search.words import folded, places

BEFORE, AFTER = 14, 46  # signs shown around the first hit
Pieces = list[tuple[str, bool]]  # text, and whether it is a hit


@dataclass(frozen=True, slots=True)
class Snippet:
    """`text` is empty when the words stand in the title, in the enterprise's name or in a number."""

    title: Pieces
    text: Pieces


def snippets(petitions: Sequence[Petition], words: list[Word]) -> dict[int, Snippet]:
    """For each petition on a page, by primary key. At most one statement: later texts are read only when the filing has no hit."""
    filed = {one.pk: _marked([Text(Part.TOLD, one.text)], words) for one in petitions}
    missing = [one for one in petitions if not filed[one.pk] and not _in_clear(one, words)]
    later = later_texts(missing)
    return {
        one.pk: Snippet(marked(one.title, words), filed[one.pk] or _marked(later.get(one.pk, []), words))
        for one in petitions
    }


def _in_clear(petition: Petition, words: list[Word]) -> bool:
    """Whether what the row shows anyway explains every word."""
    texts = [Text(Part.CLEAR, folded(text)) for text in (petition.title, petition.enterprise)]
    return all(word.is_in(petition, texts) for word in words)


def _marked(texts: Iterable[Text], words: list[Word]) -> Pieces:
    """The piece around the first hit in a text that does not lie in clear; empty without one."""
    for one in texts:
        hits = _hits(one, words) if one.part is not Part.CLEAR else []
        if hits:
            start, end = max(0, hits[0][0] - BEFORE), min(len(one.text), hits[0][1] + AFTER)
            pieces = _pieces(one.text, hits, start, end)
            return [("…", False)] * (start > 0) + pieces + [("…", False)] * (end < len(one.text))
    return []


def marked(title: str, words: list[Word]) -> Pieces:
    """The whole title, hits marked."""
    return _pieces(title, _hits(Text(Part.CLEAR, title), words), 0, len(title))


def _hits(one: Text, words: list[Word]) -> list[tuple[int, int]]:
    """From where to where words stand in a text as it was written, in order, none overlapping."""
    plain, origin = _with_origin(one.text)
    clear = one.part is Part.CLEAR
    found = {place for word in words if one.part in word.parts for place in places(word.plain, plain, clear=clear)}
    hits: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        first, last = origin[start], origin[end - 1] + 1
        if not hits or first >= hits[-1][1]:
            hits.append((first, last))
    return hits


def _with_origin(text: str) -> tuple[str, list[int]]:
    """A text folded sign by sign, and where each sign of it came from."""
    plain = [(sign, at) for at, char in enumerate(text) for sign in folded(char)]
    return "".join(sign for sign, _ in plain), [at for _, at in plain]


def _pieces(text: str, hits: list[tuple[int, int]], start: int, end: int) -> Pieces:
    pieces: Pieces = []
    at = start
    for first, last in hits:
        if first >= end:
            break
        pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
        at = min(last, end)
    return [(piece, hit) for piece, hit in [*pieces, (text[at:end], False)] if piece]
