"""Runs of imports, as their pages ask for them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.http import Http404

from households.files.tables import Problem, Severity
from households.imports.columns import FileColumn
from households.imports.kinds import ImportKind, kind_of, kinds_for
from households.intake import told
from households.models import ImportPaper, ImportRun, User

SHOWN = 200


def runs_of(user: User) -> "QuerySet[ImportRun]":
    """The runs that a person may see: of their place or department, of kinds that they may bring in, the last first."""
    slugs = [kind.slug for kind in kinds_for(user)]
    own = Q(by__department=user.department_id) if user.department_id else user.scope.condition("place")
    return ImportRun.objects.filter(own, kind__in=slugs).select_related("by", "undone_by")


def run_or_404(user: User, run_id: int) -> ImportRun:
    """One of them."""
    found = runs_of(user).filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def kind_or_404(user: User, slug: str) -> ImportKind:
    """A kind that the person may bring in."""
    kind = kind_of(slug)
    if kind is None or kind not in kinds_for(user):
        raise Http404
    return kind


def told_of(run: ImportRun) -> Sequence[Problem]:
    """What was said by line; nothing when it is no longer kept."""
    kept = ImportPaper.objects.filter(pk=run.pk).only("told").first()
    return told.unpacked(kept.told) if kept else []


def in_headings(problems: Sequence[Problem], columns: Sequence[FileColumn]) -> list[Problem]:
    """The same in the template's words: a column that the header lacks has no other name yet than the one of commands."""
    headings = {column.name: column.heading for column in columns}

    def said(text: str) -> str:
        return re.sub(r"[a-z_]+", lambda word: headings.get(word[0], word[0]), text)

    return [replace(one, column=headings.get(one.column, one.column), reason=said(one.reason)) for one in problems]


def shown(problems: Sequence[Problem], severity: Severity) -> tuple[list[Problem], int]:
    """The first ones of a kind, and how many more there are."""
    found = [one for one in problems if one.severity is severity]
    return found[:SHOWN], max(0, len(found) - SHOWN)
