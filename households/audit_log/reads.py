"""The lines of the audit log that a person may read, newest first, with the names of the places."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from households.codes import village_of
from households.models import AuditEvent, Division, User
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


def people_named(actors: Iterable[str]) -> dict[str, str]:
    """The name behind each account that acted. Empty for those who have none: the system, the command line."""
    return dict(User.objects.filter(username__in=set(actors)).values_list("username", "display_name"))


def acted_by(lines: "QuerySet[AuditEvent]", words: str) -> "QuerySet[AuditEvent]":
    """Lines of the account, or of everybody of this name."""
    named = User.objects.filter(display_name=words).values("username")
    return lines.filter(Q(actor=words) | Q(actor__in=named))
