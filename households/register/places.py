"""Places and households by what people call them: 云峰村第2组, 石江镇云峰村, a code, a name."""

import re
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Concat

from households.codes import MAX_GROUP_NO, CodeError, Level, is_level, number_of, parse, path, serial_of
from households.models import Division
from households.models.division import DatedQuerySet
from households.scope import Scope

_GROUP = re.compile(r"(.+?)第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民)?小?组")


def divisions_called(words: str, scope: Scope) -> list[Division]:
    """The divisions inside the scope that a code, a name, or a name after that of the place above it means."""
    words = "".join(words.split())
    inside = Division.objects.within(scope)
    try:
        found = list(inside.filter(code=parse(words)))
    except CodeError:
        found = []
    return found or list(_named(inside, words)) or _groups(inside, words)


def _named(inside: DatedQuerySet, words: str) -> "QuerySet[Division]":
    whole = inside.alias(whole=Concat("parent__name", "name"))
    return whole.filter(Q(name=words) | Q(whole=words)).select_related("parent").order_by("code")


def _groups(inside: DatedQuerySet, words: str) -> list[Division]:
    """云峰村二组: the group of this number in every village of this name."""
    match = _GROUP.fullmatch(words)
    number = number_of(match[2]) if match else 0
    if not match or not 1 <= number <= MAX_GROUP_NO:
        return []
    villages = _named(inside, match[1]).values_list("code", flat=True)
    codes = [f"{village}{number:02d}" for village in villages]
    return list(inside.filter(code__in=codes).select_related("parent").order_by("code"))


def divisions_like(words: str, scope: Scope, on: date, most: int) -> list[Division]:
    """Villages and groups that `divisions_called` finds, else villages whose name holds the words."""
    below = Level.VILLAGE.code_length
    called = [place for place in divisions_called(words, scope) if len(place.code) >= below]
    villages = Division.objects.within(scope).active(on).of_level(Level.VILLAGE)
    return called or list(villages.filter(name__contains=words).select_related("parent").order_by("code")[:most])


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """Where each lies, by code: 罗坪乡 东山村 一组. Households are numbered, never named."""
    wanted = {part for code in codes for part in path(code)}
    names = dict(Division.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: _path(code, names) for code in codes}


def _path(code: str, names: dict[str, str]) -> str:
    parts = [part for part in path(code)[1:] if not is_level(part, Level.HOUSEHOLD)]
    words = [names.get(part, part) for part in parts]
    return " ".join([*words, f"{serial_of(code)}号户"] if is_level(code, Level.HOUSEHOLD) else words)
