"""The lines of the audit log that a person may read, newest first, with the names of the places."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from households.audit_log.words import action_label, detail_words
from households.codes import village_of
from households.models import AuditEvent, Division, User
from households.roles import LABELS
from households.scope import Scope, lies_in


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
    named = User.objects.filter(display_name=words).values_list("username", flat=True)
    return lines.filter(actor__in=[words, *named])  # a list, so that the index over accounts is used


def filtered(lines: "QuerySet[AuditEvent]", given: Mapping[str, Any]) -> "QuerySet[AuditEvent]":
    """By person, act, place and days, as the form above the log asks."""
    if given.get("actor"):
        lines = acted_by(lines, given["actor"])
    if given.get("action"):
        lines = lines.filter(action=given["action"])
    if given.get("place"):
        lines = lines.filter(lies_in(given["place"], "place"))
    if given.get("since"):
        lines = lines.filter(at__gte=_midnight(given["since"]))
    if given.get("until"):
        lines = lines.filter(at__lt=_midnight(given["until"] + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


COLUMNS = {
    "at": "时间",
    "person": "操作人",
    "actor": "账号",
    "role": "岗位",
    "action": "动作",
    "name": "地点",
    "place": "地点代码",
    "subject": "对象",
    "detail": "内容",
    "session": "会话",
}


def file_rows(lines: Sequence[AuditEvent]) -> Iterator[dict[str, object]]:
    """The lines as a file shows them: what the page shows, and which lines belong to one session; never an address. Two queries."""
    names, people = place_names(line.place for line in lines), people_named(line.actor for line in lines)
    for line in lines:
        yield {
            "at": timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S"),
            "person": people.get(line.actor, ""),
            "actor": line.actor,
            "role": LABELS.get(line.role, ""),  # type: ignore[call-overload]
            "action": action_label(line.action),
            "name": names.get(line.place, ""),
            "place": line.place,
            "subject": line.subject,
            "detail": detail_words(line.detail, line.action),
            "session": line.session,
        }
