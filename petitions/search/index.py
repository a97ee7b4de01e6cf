"""The index by which petitions are found: keyed digests of what their texts hold. What is in it: `petitions.search.words`.

Why so, and what it gives away to somebody who has the database alone: docs/adr/0019.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings

from households.sealing.suites import FieldKey, Suite, digest, suite_of
from petitions.models import Content, Petition, PetitionEvent
from petitions.search.words import folded, grams_of, pieces
from petitions.states import PetitionAction

RULES = 2  # raise it whenever `words.grams` or `pinyin` changes: every row is then made anew

NUMBER = 8  # bytes


class Part(StrEnum):
    """Where words stand. Each has digests of its own: titles, which more people read, are no key to the texts."""

    CLEAR = "clear"  # title and enterprise, but of an accusation
    TOLD = "told"  # what was asked, and what the filer was told
    INSIDE = "inside"  # what was added later, for those who handle
    NAME = "name"  # an enterprise by its whole name, to find what it filed before


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a petition; words never reach from one into the next."""

    part: Part
    text: str


@lru_cache(maxsize=4)
def _own_key(secret: bytes, suite: Suite) -> FieldKey:
    return FieldKey(digest(FieldKey(secret, suite), b"petition words"), suite)


def _key(secret: bytes) -> FieldKey:
    return _own_key(bytes(secret), suite_of(secret))


def recipe() -> int:
    """By which key and rules digests are made now, as a number that tells nothing of the key."""
    return _number(b"recipe %d" % RULES, _key(settings.FIELD_KEYS.current))


@lru_cache(maxsize=1 << 17)
def _number(text: bytes, key: FieldKey) -> int:
    """64 bits of a keyed digest (BLAKE2b, or HMAC-SM3 where the key is of that suite), as PostgreSQL's bigint."""
    sm3 = key.suite is Suite.SM4
    short = digest(key, text)[:NUMBER] if sm3 else blake2b(text, key=key, digest_size=NUMBER).digest()
    return int.from_bytes(short, "big", signed=True)


def digests(part: Part, found: Iterable[str]) -> list[int]:
    """The digests of grams in one part, in an order that says nothing of theirs."""
    key = _key(settings.FIELD_KEYS.current)
    return sorted({_number(f"{part.value} {gram}".encode(), key) for gram in found})


def digests_of(texts: Iterable[Text]) -> list[int]:
    """The digests of everything that these texts hold, sorted, each once."""
    key, found = _key(settings.FIELD_KEYS.current), set[int]()
    for one in texts:
        plain, clear = folded(one.text), one.part is Part.CLEAR
        if one.part is Part.NAME:
            found.update(digests(one.part, [plain]))
        else:
            found.update(*(_of_piece(one.part, piece, key) for piece in pieces(plain, clear=clear)))
    return sorted(found)


@lru_cache(maxsize=1 << 15)
def _of_piece(part: Part, piece: str, key: FieldKey) -> tuple[int, ...]:
    """The digests of a few signs side by side: most pairs come again and again."""
    found = grams_of(piece, clear=part is Part.CLEAR)
    return tuple(_number(f"{part.value} {gram}".encode(), key) for gram in found)


def texts_as_filed(petition: Petition) -> list[Text]:
    """Title, enterprise and text. Single signs, which counting gives away first, are kept of no accusation."""
    shown = Part.TOLD if petition.content == Content.ACCUSATION else Part.CLEAR
    clear = [Text(shown, petition.title), Text(shown, petition.enterprise)]
    named = [Text(Part.NAME, petition.enterprise)] if petition.enterprise else []
    return [*clear, *named, Text(Part.TOLD, petition.text)]


def texts_of_line(line: PetitionEvent) -> list[Text]:
    """What one line of the history adds: the words for the filer; of those inside only what was supplemented."""
    found = [Text(Part.TOLD, line.told)] if line.told else []
    if line.kind == PetitionAction.SUPPLEMENT and line.note:
        found.append(Text(Part.INSIDE, line.note))
    return found
