"""The one search over households: name, pinyin, initials, number, last four digits of the telephone, or a plate.

Made words answer it (`households.register.indexing`); of households that changed a moment ago, and wait for theirs, the names
themselves are read. So it is right at once, but for a telephone, which is found within the minute.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value, Window

from households.codes import Level
from households.models import Household, HouseholdWords, Plate, User, WordsMark
from households.register.indexing import NUMBER, TAIL, quoted, tail_digest
from households.register.reads import lives_away, named
from households.register.sounds import WHOLE, typed_as_stored
from households.scope import Scope
from households.words.folding import compared

MAX_FOUND = 200  # households that one search counts and pages through
LOOKED_AT = 5 * MAX_FOUND  # made words of so many, in the order of codes: some of them have left the register
_TOKEN = re.compile(r"(?:^|/h/)([A-Za-z0-9_-]{22})(?:/|$)")
_SERIAL = Level.HOUSEHOLD.code_length - Level.GROUP.code_length


class _Fits(Func):
    """Whether made words fit a query whose words are already `quoted`."""

    template, arg_joiner = "(%(expressions)s::tsquery)", " @@ "
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class SoughtHousehold:
    """What somebody typed, as it is looked for. `tail` is the digest of four digits, which may also be a household's number."""

    typed: str
    token: str = ""
    tail: int | None = None

    @classmethod
    def of(cls, words: str) -> "SoughtHousehold":
        """As it was typed or scanned."""
        if plate := _TOKEN.search(words.strip()):
            return cls("", token=plate[1])
        typed = compared(words)
        if typed.isdecimal():
            return cls(typed, tail=tail_digest(typed) if len(typed) == TAIL else None)
        return cls(typed_as_stored(words))

    @property
    def is_number(self) -> bool:
        return self.typed.isdecimal()

    @property
    def is_empty(self) -> bool:
        return not self.typed and not self.token


def households_called(user: User, on: date, words: str, *, most: int = MAX_FOUND) -> list[Household]:
    """The active households of the person's subtree that the words mean, in order, `most` at most, as `register_of`. One query."""
    found = _found(user.scope, on, SoughtHousehold.of(words)).select_related("group__parent")
    return list(found.order_by("code")[:most])


def page_called(user: User, on: date, words: str, *, page: int, size: int) -> tuple[list[Household], int]:
    """One page (from 1) of what `households_called` finds, and how many that are; both zero beyond the last. One query."""
    called = _found(user.scope, on, SoughtHousehold.of(words)).order_by("code").values("pk")[:MAX_FOUND]
    counted = Household.objects.filter(pk__in=called).annotate(called=Window(Count("*"))).order_by("code")
    rows = list(counted.select_related("group__parent")[(page - 1) * size : page * size])
    return rows, getattr(rows[0], "called", 0) if rows else 0


def register_of(user: User, on: date, *, words: str = "") -> Any:
    """The active households of the person's subtree, of all or those that the words mean; group and village with each."""
    sought = SoughtHousehold.of(words)
    everybody = not words.strip()
    found = Household.objects.within(user.scope).active(on) if everybody else _found(user.scope, on, sought)
    return found.annotate(away=lives_away()).select_related("group__parent").order_by("code")


def exactly(user: User, on: date, words: str) -> Any:
    """Those that these words name: the whole name, its whole pinyin, all its initials, or the number; as `register_of`."""
    typed = typed_as_stored(words)
    if typed.isdecimal():
        return register_of(user, on, words=words)
    whole = Q(head_name=words.strip()) | Q(initials=typed)
    found = _fitting([quoted(WHOLE + typed)], user.scope, whole)
    inside = Household.objects.within(user.scope).active(on).filter(pk__in=found)
    return inside.select_related("group__parent").order_by("code")


def _found(scope: Scope, on: date, sought: SoughtHousehold) -> "QuerySet[Household]":
    inside: QuerySet[Household] = Household.objects.within(scope).active(on)
    if sought.is_empty:
        return inside.none()
    if sought.token:
        plates = Plate.objects.filter(token=sought.token, revoked_at=None)
        return inside.filter(pk__in=plates.values("household"))
    if sought.is_number and len(sought.typed) > _SERIAL:
        return inside.filter(_numbered(sought.typed))
    return inside.filter(pk__in=_meant(sought, scope))


def _numbered(digits: str) -> Q:
    """The whole code, its beginning, or number and group."""
    group_and_number = Level.HOUSEHOLD.code_length - Level.VILLAGE.code_length
    if len(digits) == group_and_number:
        return Q(pk__in=_having([quoted(NUMBER + digits)]))
    return Q(code__startswith=digits)


def _meant(sought: SoughtHousehold, scope: Scope) -> Any:
    if sought.is_number:
        number = sought.typed.zfill(_SERIAL)
        found = _fitting([quoted(NUMBER + number)], scope, Q(code__endswith=number))
        if sought.tail is None:
            return found
        tails = HouseholdWords.objects.filter(scope.condition("household"), tail=sought.tail)
        return found.union(tails.values("pk"), all=True)
    beginnings = [quoted(sought.typed) + ":*", quoted(WHOLE + sought.typed) + ":*"]
    return _fitting(beginnings, scope, named(sought.typed))


def _fitting(terms: list[str], scope: Scope, by_name: Q) -> Any:
    """Households whose words fit one of the terms, and of the marked ones those that fit `by_name` themselves."""
    mark = WordsMark.objects.filter(household=OuterRef("pk"))
    made = _having(terms).filter(~Exists(mark), scope.condition("household")).order_by("pk")[:LOOKED_AT]
    marked = Household.objects.within(scope).filter(by_name, pk__in=WordsMark.objects.values("household"))
    return made.union(marked.order_by().values("pk"), all=True)


def _having(terms: list[str]) -> "QuerySet[Any, Any]":
    fits = _Fits(F("words"), Value(" | ".join(terms)))
    return HouseholdWords.objects.filter(fits).values("pk")


def is_by_telephone(words: str, household: Household) -> bool:
    """Whether a household may have been found by its telephone alone: four digits that are not its number."""
    sought = SoughtHousehold.of(words)
    return sought.tail is not None and not household.code.endswith(sought.typed)
