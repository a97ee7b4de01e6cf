"""The audit log's words in templates."""

from django import template

from households.audit_log.words import action_label, detail_words
from households.models import AuditEvent
from households.roles import Role

register = template.Library()
register.filter("action_label", action_label)
register.filter("detail_words", detail_words)


@register.filter
def person(people: dict[str, str], line: AuditEvent) -> str:
    """``{{ people|person:line }}``: who did it, by name and post; the account itself where there is no person."""
    name = people.get(line.actor, line.actor)
    return f"{name}，{Role(line.role).label}" if line.role in tuple(Role) else name


@register.filter
def place_name(names: dict[str, str], code: str) -> str:
    """``{{ names|place_name:line.place }}``: empty for a line of no place."""
    return names.get(code, "")
