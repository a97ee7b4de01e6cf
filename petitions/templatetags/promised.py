"""``{% promises_of petition as promises %}``: a petition's promises with their words and units. One query."""

from django import template
from django.utils import timezone

from petitions.models import Petition, Promise

register = template.Library()


@register.simple_tag
def promises_of(petition: Petition) -> list[Promise]:
    """In the order in which they were made; `late` is added: how many days each is overdue."""
    found = list(Promise.objects.filter(petition=petition).select_related("made", "department", "division"))
    found.sort(key=lambda one: one.number)
    for one in found:
        one.late = one.days_late(timezone.localdate())  # type: ignore[attr-defined]  # for the template alone
    return found
