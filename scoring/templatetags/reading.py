"""What a member of staff may read on a page of entries: names by role, and nothing of 零非访 beyond the two offices."""

from django import template

from households.codes import level_of
from households.models import Division, Household
from households.register.reads import name_for
from scoring.models import ScoreEvent
from scoring.readers import Reader
from scoring.sheets.actions.entries import is_secret_from

register = template.Library()


@register.filter
def head_for(household: Household, reader: Reader) -> str:
    """The head's name, masked unless the reader is their own cadre or group leader."""
    return name_for(household, reader.user)


@register.filter
def secret_from(event: ScoreEvent, reader: Reader) -> bool:
    """Whether what a 零非访 entry says is kept from the reader. Needs the clause's indicator."""
    return is_secret_from(event, reader.user)


@register.filter
def level_name(division: Division) -> str:
    """县, 乡镇, 村 or 组."""
    return level_of(division.code).label
