"""Finding petitions by words, in Chinese or pinyin, among those that somebody may read. What a hit is: `petitions.search.words`.

The index finds, in the database, every petition that has all that a word needs. Where that settles it, no text is read. For
longer words it may be a false hit: those are read and looked through here, the newest MAX_READ of them, so that counts
and pages hold hits alone and no search takes longer for being clumsy; `Found.cut` says when older ones were left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

from django.db.models import Q
from django.db.models.expressions import RawSQL

from households.models import User
from households.roles import Role
from households.words.folding import reference, ticket
from petitions.models import Petition, PetitionEvent
from petitions.models.petitions import PetitionQuerySet
from petitions.search.index import Part, Text, digests, texts_as_filed, texts_of_line
from petitions.search.words import Pattern, contains, folded, is_one_gram, needed, patterns, words_of

MAX_READ = 500  # petitions of one search whose texts are opened
NONE = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `cut`: among so many, only the newest were looked through."""

    petitions: PetitionQuerySet
    cut: bool = False


@dataclass(frozen=True)  # no slots: cached properties
class Word:
    """One word of a query, as typed and as it is compared, with the parts in which it may be looked for."""

    typed: str
    parts: tuple[Part, ...]

    @cached_property
    def plain(self) -> str:
        return folded(self.typed)

    @cached_property
    def by_number(self) -> Q:
        """The end of the petition's own number, or the whole number that the hotline or 红网 gave it."""
        whole = Q(external_no=ticket(self.typed)) if any(sign.isascii() for sign in self.number) else NONE
        return whole | Q(number__endswith=self.number) if self.is_number else whole

    @cached_property
    def number(self) -> str:
        """The word as the number of a petition would be typed."""
        return reference(self.typed)

    @property
    def is_number(self) -> bool:
        """Whether it may be the end of a petition's number."""
        return set(self.number) <= set("0123456789-")

    def surely(self) -> Q:
        """What needs no second look."""
        return self.by_number | self._with(sure=True)

    def possibly(self) -> Q:
        """What the index cannot exclude, beside the sure ones; NONE when it can."""
        return self._with(sure=False)

    def _with(self, *, sure: bool) -> Q:
        ways = ((part, pattern) for part in self.parts for pattern in patterns(self.plain))
        lists = [found for part, pattern in ways if (found := _digests(part, pattern, sure=sure))]
        return _having(lists) if lists else NONE

    def is_in(self, petition: Petition, texts: Iterable[Text]) -> bool:
        """Whether a petition contains it, whose folded texts these are."""
        if petition.external_no == ticket(self.typed) or (self.is_number and petition.number.endswith(self.number)):
            return True
        return any(
            one.part in self.parts and contains(one.text, self.plain, clear=one.part is Part.CLEAR) for one in texts
        )


def _digests(part: Part, pattern: Pattern, *, sure: bool) -> list[int]:
    clear = part is Part.CLEAR
    wanted = needed(pattern, clear=clear) if is_one_gram(pattern, clear=clear) is sure else ()
    return digests(part, wanted)


def _having(lists: Sequence[list[int]]) -> Q:
    """Petitions whose words hold the whole of one of these lists."""
    sql = " UNION ALL ".join(["SELECT petitions_with(%s::bigint[])"] * len(lists))
    return Q(pk__in=RawSQL(sql, lists))  # noqa: S611  # made of our own text; the lists travel as parameters


def words_for(query: str, user: User) -> list[Word]:
    """The words of a query, each with the parts that this person reads, whichever petition it is.

    Supplements: the petition office alone, since of what a unit or a cadre filed they may not read them.
    """
    inside = (Part.INSIDE,) if user.role == Role.PETITION_OFFICE else ()
    return [Word(typed, (Part.CLEAR, Part.TOLD, *inside)) for typed in words_of(query)]


def search(petitions: PetitionQuerySet, query: str, user: User) -> Found:
    """Those of `petitions` (which this person may read: start from `visible_to`) that contain every word of the query.

    A query without any sign finds everything, as no query does.
    """
    words = words_for(query, user)
    if not words:
        return Found(petitions)
    sure = reduce(and_, (word.surely() for word in words))
    if all(word.possibly() == NONE for word in words):
        return Found(petitions.filter(sure))
    either = reduce(and_, (word.surely() | word.possibly() for word in words))
    doubtful = petitions.filter(either).exclude(sure).order_by("-pk")
    read, cut = _read(doubtful, words)
    return Found(petitions.filter(sure | Q(pk__in=read)), cut)


def _read(doubtful: PetitionQuerySet, words: list[Word]) -> tuple[list[int], bool]:
    """The keys of the newest that do contain the words, and whether there were more to read."""
    rows = list(doubtful.only("number", "external_no", "title", "enterprise", "text", "seq", "content")[: MAX_READ + 1])
    looked = rows[:MAX_READ]
    hits = {petition.pk for petition in looked if _has(petition, texts_as_filed(petition), words)}
    rest = [petition for petition in looked if petition.pk not in hits]
    later = later_texts(rest)
    hits |= {one.pk for one in rest if one.pk in later and _has(one, texts_as_filed(one) + later[one.pk], words)}
    return sorted(hits), len(rows) > MAX_READ


def _has(petition: Petition, texts: list[Text], words: list[Word]) -> bool:
    plain = [Text(one.part, folded(one.text)) for one in texts]
    return all(word.is_in(petition, plain) for word in words)


def later_texts(petitions: Iterable[Petition]) -> dict[int, list[Text]]:
    """What was told and supplemented after these petitions were filed, by primary key. One statement, or none."""
    listed = [petition.pk for petition in petitions if petition.seq > 1]
    found: dict[int, list[Text]] = defaultdict(list)
    lines = PetitionEvent.objects.filter(petition__in=listed).order_by("petition", "seq") if listed else ()
    for line in lines:
        found[line.petition_id] += texts_of_line(line)
    return found
