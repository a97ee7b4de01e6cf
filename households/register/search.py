"""The one search over households: name, pinyin, initials, number, last four digits of the telephone, or a plate.

Made words answer it (`households.register.indexing`); of households that changed a moment ago, and wait for theirs, the names
themselves are read. So it is right at once, but for a telephone, which is found within the minute.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value, Window
from django.db.models.expressions import RawSQL

from households.codes import Level, code_range
from households.models import Household, HouseholdWords, Plate, User, WordsMark, sql_living
from households.register.indexing import NUMBER, TAIL, quoted, tail_digest
from households.register.reads import lives_away, named
from households.register.sounds import WHOLE, typed_as_stored
from households.scope import Scope
from households.words.folding import compared

MAX_FOUND = 200  # households that one search counts and pages through
MAX_WALKED = 4_000  # households whose words are looked at one by one, from the first on, before the index is asked
_TOKEN = re.compile(r"(?:^|/h/)([A-Za-z0-9_-]{22})(?:/|$)")
_SERIAL = Level.HOUSEHOLD.code_length - Level.GROUP.code_length
_LIVING = sql_living("h", "%s")
_UNMARKED = "NOT EXISTS (SELECT FROM households_wordsmark m WHERE m.household = w.household_id)"
_INDEXED = f"""
    (SELECT w.household_id FROM households_householdwords w JOIN households_household h ON h.code = w.household_id
     WHERE w.words @@ %s::tsquery AND ({{inside}}) AND {_LIVING} AND {_UNMARKED} ORDER BY 1 LIMIT {MAX_FOUND})
"""
_BEGINS = ":*"
_RANGE = "w.household_id >= %s AND w.household_id < %s"
# What many names begin with (王, zhang) stands on the first pages of a place's register, and the planner, which knows how often a
# whole word occurs, takes a beginning for rare: the index would give it all of them, to be put in order. So the place is
# walked until the list is full, and the index asked when it is not and there is more of the place.
_WALKED = f"""
    (WITH walked AS MATERIALIZED (
         SELECT household_id, words @@ %s::tsquery AS fits FROM households_householdwords w
         WHERE {_RANGE} ORDER BY household_id LIMIT %s
     ), near AS MATERIALIZED (
         SELECT w.household_id FROM walked w JOIN households_household h ON h.code = w.household_id
         WHERE w.fits AND {_LIVING} AND {_UNMARKED} ORDER BY w.household_id LIMIT {MAX_FOUND}
     )
     SELECT household_id FROM near UNION ALL {_INDEXED})
"""
_MORE = f"{_RANGE} AND (SELECT count(*) FROM near) < {MAX_FOUND} AND (SELECT count(*) FROM walked) = %s"


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


def left_called(user: User, on: date, words: str) -> Household | None:
    """The household of the person's subtree that has left the register, by its whole code alone. No query for other words."""
    typed = SoughtHousehold.of(words)
    if not typed.is_number or len(typed.typed) != Level.HOUSEHOLD.code_length:
        return None
    gone: QuerySet[Household] = Household.objects.within(user.scope).filter(code=typed.typed, valid_to__lte=on)
    return gone.select_related("group__parent").first()


def page_called(user: User, on: date, words: str, *, page: int, size: int) -> tuple[list[Household], int]:
    """One page (from 1) of what `households_called` finds, and how many that are; nothing beyond the last. One query."""
    counted = _found(user.scope, on, SoughtHousehold.of(words)).annotate(called=Window(Count("*"))).order_by("code")
    rows: list[Any] = list(counted.select_related("group__parent")[(page - 1) * size : min(page * size, MAX_FOUND)])
    return rows, min(getattr(rows[0], "called", 0), MAX_FOUND) if rows else 0


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
    found = _fitting([quoted(WHOLE + typed)], user.scope, on, whole)
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
        numbered = inside.filter(_numbered(sought.typed)).order_by(
            "code"
        )  # the beginning of a code may be the whole county
        return inside.filter(pk__in=numbered.values("pk")[:MAX_FOUND])
    return inside.filter(pk__in=_meant(sought, scope, on))


def _numbered(digits: str) -> Q:
    """The whole code, its beginning, or number and group."""
    group_and_number = Level.HOUSEHOLD.code_length - Level.VILLAGE.code_length
    if len(digits) == group_and_number:
        return Q(pk__in=_having([quoted(NUMBER + digits)]))
    return Q(code__startswith=digits)


def _meant(sought: SoughtHousehold, scope: Scope, on: date) -> RawSQL:
    if sought.is_number:
        number = sought.typed.zfill(_SERIAL)
        tails = HouseholdWords.objects.filter(scope.condition("household"), tail=sought.tail).values("pk")
        others = [] if sought.tail is None else [tails]
        return _fitting([quoted(NUMBER + number)], scope, on, Q(code__endswith=number), *others)
    beginnings = [quoted(sought.typed) + _BEGINS, quoted(WHOLE + sought.typed) + _BEGINS]
    return _fitting(beginnings, scope, on, named(sought.typed))


def _fitting(terms: list[str], scope: Scope, on: date, by_name: Q, *others: "QuerySet[Any, Any]") -> RawSQL:
    """Households whose words fit one of the terms, of the marked ones those that fit `by_name` themselves, and `others`."""
    marked = Household.objects.within(scope).filter(by_name, pk__in=WordsMark.objects.values("household"))
    parts = [_made(" | ".join(terms), scope, on)]
    for rows in (marked.values("pk"), *others):
        with suppress(EmptyResultSet):  # a scope without a place
            sql, params = rows.order_by().query.sql_with_params()
            parts.append((f"({sql})", params))
    return RawSQL(  # noqa: S611 (of what was typed, parameters alone)
        " UNION ALL ".join(sql for sql, _ in parts), [one for _, params in parts for one in params]
    )


def _made(terms: str, scope: Scope, on: date) -> tuple[str, Sequence[object]]:
    """The first whose made words fit, as many as anybody pages through."""
    ranges = [end for prefix in scope.prefixes for end in code_range(prefix)]
    days = [on] * _LIVING.count("%s")
    if terms.endswith(_BEGINS) and len(scope.prefixes) == 1:
        walked = [terms, *ranges, MAX_WALKED, *days]
        return _WALKED.format(inside=_MORE), [*walked, terms, *ranges, MAX_WALKED, *days]
    inside = " OR ".join([_RANGE] * len(scope.prefixes)) or "false"
    return _INDEXED.format(inside=inside), [terms, *ranges, *days]


def _having(terms: list[str]) -> "QuerySet[Any, Any]":
    fits = _Fits(F("words"), Value(" | ".join(terms)))
    return HouseholdWords.objects.filter(fits).values("pk")


def is_by_telephone(words: str, household: Household) -> bool:
    """Whether a household may have been found by its telephone alone: four digits that are not its number."""
    sought = SoughtHousehold.of(words)
    return sought.tail is not None and not household.code.endswith(sought.typed)
