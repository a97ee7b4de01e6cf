"""The index by which petitions are found: keyed digests of what their texts hold. What is in it: `petitions.search.words`.

Why so, and what it gives away to somebody who has the database alone: docs/adr/0019.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol

from django.conf import settings

from households.sealing.suites import FieldKey, Suite, digest, suite_of
from petitions.models import Content, PetitionEvent
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
        plain = folded(one.text)
        if one.part is Part.NAME:
            found.update(digests(one.part, [plain]))
        else:
            of_piece = _of_piece(one.part, key)
            found.update(*map(of_piece, pieces(plain, clear=one.part is Part.CLEAR)))
    return sorted(found)


@lru_cache(maxsize=16)
def _of_piece(part: Part, key: FieldKey) -> Callable[[str], tuple[int, ...]]:
    """The digests of a few signs side by side, kept: most pairs come again and again."""

    @lru_cache(maxsize=1 << 16)
    def of_piece(piece: str) -> tuple[int, ...]:
        found = grams_of(piece, clear=part is Part.CLEAR)
        return tuple(_number(f"{part.value} {gram}".encode(), key) for gram in found)

    return of_piece


class FiledWords(Protocol):
    """What of a petition, filed or about to be, words are made of."""

    @property
    def content(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def enterprise(self) -> str: ...
    @property
    def text(self) -> str: ...


def texts_as_filed(filed: FiledWords) -> list[Text]:
    """Title, enterprise and text. Single signs, which counting gives away first, are kept of no accusation."""
    shown = Part.TOLD if filed.content == Content.ACCUSATION else Part.CLEAR
    clear = [Text(shown, filed.title), Text(shown, filed.enterprise)]
    named = [Text(Part.NAME, filed.enterprise)] if filed.enterprise else []
    return [*clear, *named, Text(Part.TOLD, filed.text)]


def texts_of_line(line: PetitionEvent) -> list[Text]:
    """What one line of the history adds: the words for the filer; of those inside only what was supplemented."""
    found = [Text(Part.TOLD, line.told)] if line.told else []
    if line.kind == PetitionAction.SUPPLEMENT and line.note:
        found.append(Text(Part.INSIDE, line.note))
    return found
