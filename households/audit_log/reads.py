"""The lines of the audit log that a person may read, newest first, with the names of the places."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from households.codes import village_of
from households.models import AuditEvent, Division
from households.scope import Scope


def lines_within(scope: Scope) -> "QuerySet[AuditEvent]":
    """Lines of the scope, and those of no place: departments' accounts, schemes, failed sign-ins."""
    lines: QuerySet[AuditEvent] = AuditEvent.objects.filter(scope.condition("place") | Q(place=""))
    return lines.order_by("-id")


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """The name of the village (or of what stands above it) that each code lies in."""
    wanted = {code: village_of(code) for code in codes if code}
    names = dict(Division.objects.filter(code__in=set(wanted.values())).values_list("code", "name"))
    return {code: names[place] for code, place in wanted.items() if place in names}
