"""The audit log's words in templates."""

from django import template

from households.audit_log.words import action_label, detail_words

register = template.Library()
register.filter("action_label", action_label)
register.filter("detail_words", detail_words)


@register.filter
def place_name(names: dict[str, str], code: str) -> str:
    """``{{ names|place_name:line.place }}``: empty for a line of no place."""
    return names.get(code, "")
