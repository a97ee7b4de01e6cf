"""Whom to call for a household, in templates of subjects that know nothing of contacts."""

from django import template
from django.utils import timezone

from households.contacts.page import contacts_for
from households.contacts.reads import WhomToCall
from households.models import Household, User

register = template.Library()


@register.simple_tag
def whom_to_call(household: Household, user: User) -> list[WhomToCall]:
    """``{% whom_to_call household user as contacts %}``: today's, as the reader may see them."""
    return contacts_for(household, user, timezone.localdate())
