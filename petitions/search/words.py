"""What it means that a petition contains the words which somebody types. Pure. The index and the search both follow it.

A text is folded: full-width and capital letters made plain, blanks and punctuation left out. A query is words between
blanks or commas, and all of them must be found, each anywhere. A word is found where its signs stand side by side; a run of letters
in it may also be the syllables (jiaotong) or the initials (jt) of as many signs. What each sign is typed as is an `Atom`,
a whole word read in one way is a `Pattern`.

The index holds `grams`: neighbours of one mode of typing. A pattern that is exactly one gram is found by the index alone;
of a longer one the index tells that all its grams are there, and the text has to be looked at for whether they stand
in a row. Texts that lie sealed have pairs of signs, pairs of syllables, and triples of initials, letters and digits; what
lies in clear (the title) also has single signs and syllables, and pairs of initials. So a single sign, a single syllable
or two initials find titles alone.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product
from threading import Lock
from typing import NamedTuple

from households.words.pinyin import divisions, initials, pinyin
from households.words.signs import TABLE

MAX_WORDS = 6
MAX_PATTERNS = 12  # ways to read one word
LONGEST = 40
_NOT_SIGNS = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"[\s\x00,，、;；]+")
_RUNS = re.compile(r"[a-z]+|[^a-z]+")


class Mode(StrEnum):
    """How one sign is typed. The values stand in what the index digests: changing one means indexing anew."""

    SIGN = "c"
    SYLLABLE = "s"
    INITIAL = "i"


class Atom(NamedTuple):
    mode: Mode
    typed: str


Pattern = tuple[Atom, ...]


def folded(text: str) -> str:
    """The text as it is compared: 《洞口县》 Ａ-1 -> 洞口县a1."""
    return _NOT_SIGNS.sub("", unicodedata.normalize("NFKC", text.translate(TABLE)).casefold().replace("ü", "v"))


def words_of(query: str) -> list[str]:
    """The words of a query as they were typed, each once; at most MAX_WORDS, those without any sign left out."""
    found = (word for word in _BETWEEN.split(query[:LONGEST]) if folded(word))
    return list(dict.fromkeys(found))[:MAX_WORDS]


@lru_cache(maxsize=256)
def patterns(word: str) -> tuple[Pattern, ...]:
    """The ways to read a folded word: 交tong is 交 and the letters, or 交 and a sign that is read tong."""
    ways = [_ways(run) for run in _RUNS.findall(word)]
    return tuple(tuple(atom for run in way for atom in run) for way in islice(product(*ways), MAX_PATTERNS))


def _ways(run: str) -> list[Pattern]:
    plain = tuple(Atom(Mode.SIGN, sign) for sign in run)
    if not ("a" <= run[0] <= "z"):
        return [plain]
    syllables = [tuple(Atom(Mode.SYLLABLE, each) for each in way) for way in divisions(run)]
    letters = tuple(Atom(Mode.INITIAL, letter) for letter in run)
    return [plain, *syllables, letters]


def places(word: str, text: str, *, clear: bool = False) -> Iterator[tuple[int, int]]:
    """From where to where a folded word stands in a folded text; the end is excluded. `clear` as for `grams`."""
    known = _SIGNS.learn(text)
    for pattern in _sought(word, clear=clear):
        # It looks ahead, so that hits may overlap.
        hits = _expression((pattern,), "(?={})", known).finditer(text)
        yield from ((hit.start(), hit.start() + len(pattern)) for hit in hits)


def contains(text: str, word: str, *, clear: bool = False) -> bool:
    """Whether a folded text contains a folded word, however it was typed; too short a word only where it is `clear`."""
    sought = _sought(word, clear=clear)
    return bool(sought and _expression(sought, "{}", _SIGNS.learn(text)).search(text))


@lru_cache(maxsize=256)
def _sought(word: str, *, clear: bool) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in patterns(word) if needed(pattern, clear=clear))


class _SignClasses:
    """Which signs are typed in which way, of all signs that texts had so far; grows with them, to some thousands."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._typed: dict[tuple[Mode, str], list[str]] = defaultdict(list)
        self._lock = Lock()

    def learn(self, text: str) -> int:
        """Know the signs of a text; how many are known now."""
        if not self._known.issuperset(text):
            with self._lock:
                fresh = frozenset(text) - self._known
                for sign in fresh:
                    for mode, read in _READ.items():
                        for typed in read(sign):
                            self._typed[mode, typed].append(sign)
                self._known |= fresh
        return len(self._known)

    def typed(self, atom: Atom) -> str:
        """An expression for one sign that can be typed so; for none, what nothing fits."""
        signs = self._typed.get((atom.mode, atom.typed))
        return f"[{re.escape(''.join(signs))}]" if signs else _NOTHING


_READ: dict[Mode, Callable[[str], tuple[str, ...]]] = {Mode.SYLLABLE: pinyin, Mode.INITIAL: initials}
_NOTHING = "(?!)"
_SIGNS = _SignClasses()


@lru_cache(maxsize=512)
def _expression(sought: tuple[Pattern, ...], form: str, known: int) -> re.Pattern[str]:
    """One of these patterns, each sign of it a class of so many `known` signs; in a `form` of expressions."""
    del known
    return re.compile(form.format("|".join("".join(map(_sign, pattern)) for pattern in sought)))


def _sign(atom: Atom) -> str:
    return re.escape(atom.typed) if atom.mode is Mode.SIGN else _SIGNS.typed(atom)


_SIZES: dict[Mode, tuple[int, ...]] = {Mode.SIGN: (2,), Mode.SYLLABLE: (2,), Mode.INITIAL: (3,)}
_SIZES_IN_CLEAR: dict[Mode, tuple[int, ...]] = {Mode.SIGN: (1, 2), Mode.SYLLABLE: (1, 2), Mode.INITIAL: (2, 3)}
_PLAIN = 3  # letters and digits have triples beside pairs: there are only a hundred pairs of digits


def grams(text: str, *, clear: bool = False) -> set[str]:
    """Everything of a folded text that the index holds; `clear` for what lies in clear anyway."""
    return {gram for piece in pieces(text, clear=clear) for gram in grams_of(piece, clear=clear)}


def pieces(text: str, *, clear: bool = False) -> Iterator[str]:
    """The neighbouring signs of a folded text that have grams together, each once."""
    for size in sorted({size for sizes in _sizes(clear=clear).values() for size in sizes}):
        yield from {text[at : at + size] for at in range(len(text) - size + 1)}


def grams_of(piece: str, *, clear: bool = False) -> list[str]:
    """The grams that these signs have together, and no fewer of them."""
    size, sizes = len(piece), _sizes(clear=clear)
    plain = size in sizes[Mode.SIGN] or (size == _PLAIN and piece.isascii())
    found = [_gram(Mode.SIGN, piece)] if plain else []
    for mode, read in _READ.items():
        if size in sizes[mode]:
            found += [_gram(mode, " ".join(way)) for way in product(*map(read, piece))]
    return found


def _sizes(*, clear: bool) -> dict[Mode, tuple[int, ...]]:
    return _SIZES_IN_CLEAR if clear else _SIZES


def _gram(mode: Mode, typed: str) -> str:
    return f"{mode.value}:{typed}"


@lru_cache(maxsize=1024)
def needed(pattern: Pattern, *, clear: bool = False) -> frozenset[str]:
    """The grams that a text with this pattern has; empty when the index holds none so short."""
    sizes = _sizes(clear=clear)
    found: set[str] = set()
    for mode, typed in _stretches(pattern):
        plain = mode is Mode.SIGN and len(typed) >= _PLAIN and "".join(typed).isascii()
        fitting = [_PLAIN] if plain else [size for size in sizes[mode] if size <= len(typed)]
        if fitting:
            size = max(fitting)
            join = "" if mode is Mode.SIGN else " "
            found |= {_gram(mode, join.join(typed[at : at + size])) for at in range(len(typed) - size + 1)}
    return frozenset(found)


def _stretches(pattern: Pattern) -> Iterator[tuple[Mode, list[str]]]:
    """Neighbouring atoms of one mode."""
    typed: list[str] = []
    for at, atom in enumerate(pattern):
        typed.append(atom.typed)
        if at + 1 == len(pattern) or pattern[at + 1].mode is not atom.mode:
            yield atom.mode, typed
            typed = []


def is_one_gram(pattern: Pattern, *, clear: bool = False) -> bool:
    """Whether the index alone knows that the pattern is there."""
    stretches = list(_stretches(pattern))
    return len(stretches) == 1 and len(needed(pattern, clear=clear)) == 1 and _covers(pattern, clear=clear)


def _covers(pattern: Pattern, *, clear: bool) -> bool:
    mode, typed = pattern[0].mode, [atom.typed for atom in pattern]
    sizes = _sizes(clear=clear)[mode]
    return len(typed) in sizes or (mode is Mode.SIGN and len(typed) == _PLAIN and "".join(typed).isascii())
