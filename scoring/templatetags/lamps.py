"""What the lamps say besides their colour."""

from django import template

register = template.Library()

WORDS = {"grey": "尚未申报", "kept": "守住", "broken": "没有守住", "reminded": "有提醒，不扣分"}
MARKS = {"grey": "–", "kept": "✓", "broken": "✕", "reminded": "!"}


@register.filter
def lamp_words(state: str) -> str:
    """The state of a lamp in words."""
    return WORDS[state]


@register.filter
def lamp_mark(state: str) -> str:
    """The state of a lamp as one sign."""
    return MARKS[state]
