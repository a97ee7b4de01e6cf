"""How long a session of staff lasts that nobody uses, for pages that warn before its end."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def idle_minutes() -> int:
    """Whole minutes."""
    return int(settings.SESSION_COOKIE_AGE // 60)
