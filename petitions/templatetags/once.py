"""``{% new_op %}``: a fresh id for a form with nothing but a button, so that sending it twice is one step."""

from uuid import uuid4

from django import template

register = template.Library()


@register.simple_tag
def new_op() -> str:
    """A new id, as text."""
    return str(uuid4())
