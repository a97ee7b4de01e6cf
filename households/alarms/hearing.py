"""Who hears of which alarm."""

from django.db.models import Q

from households.models import Alarm, AlarmKind, User
from households.models.alarms import AlarmQuerySet
from households.permissions import Permission, may
from households.roles import Role

# The office hears of its own figures; whether somebody went at the trail is for the three who keep the system.
_OFFICE = (AlarmKind.DRIFT, AlarmKind.CHAIN, AlarmKind.PETITION, AlarmKind.FAILED)


def alarms_of(user: User) -> AlarmQuerySet:
    """What the person hears of: their county's, and what is of no place."""
    if not may(user, Permission.HEAR_ALARMS):
        return Alarm.objects.none()
    heard = Alarm.objects.filter(user.scope.condition("place") | Q(place=""))
    return heard.filter(kind__in=_OFFICE) if user.role == Role.COUNTY_OFFICE else heard
