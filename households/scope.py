"""The part of the tree a person sees. Every list, page, export and API call starts at `.within(scope)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from households.codes import AFTER_DIGITS, Level, code_range, cut


def lies_in(place: str | Combinable, field: str = "code") -> Q:
    """Rows whose `field` (a code in C collation) is the place or lies in it, as one index range."""
    low, high = code_range(place) if isinstance(place, str) else (place, Concat(place, Value(AFTER_DIGITS)))
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


@dataclass(frozen=True)
class Scope:
    """Subtrees by code prefix. Empty means nothing at all."""

    prefixes: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Whether `code` (division or household) lies in one of the subtrees."""
        return any(code.startswith(prefix) for prefix in self.prefixes)

    def meets(self, code: str) -> bool:
        """Whether `code` lies in a subtree or above one: its name and totals may then be read, its other parts not."""
        return any(code.startswith(prefix) or prefix.startswith(code) for prefix in self.prefixes)

    def condition(self, field: str) -> Q:
        """Rows whose `field` (a code in C collation) lies in the scope, as index ranges."""
        condition = Q(pk__in=[])
        for prefix in self.prefixes:
            condition |= lies_in(prefix, field)
        return condition

    def widened(self, level: Level) -> Scope:
        """The same, with subtrees below the level widened to it."""
        return Scope(tuple(dict.fromkeys(cut(prefix, level) for prefix in self.prefixes)))


class Scoped(models.QuerySet[Any]):
    """A queryset that knows which of its columns is the place; a model overrides it with `scope_field`."""

    def within(self, scope: Scope) -> Self:
        return self.filter(scope.condition(getattr(self.model, "scope_field", "code")))
