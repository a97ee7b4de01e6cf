"""To which telephone a message goes: opened for that one moment, kept and shown nowhere."""

import re
from collections.abc import Callable

from django.utils import timezone

from households.models import Household, OutboxMessage
from households.outbox.codes import codes_of
from households.outbox.reads import wants_sms
from households.register.phones import read_kept

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
PhoneOfPetition = Callable[[str], str | None]
_of_petition: list[PhoneOfPetition] = []


def register(phone: PhoneOfPetition) -> None:
    """Who knows the number that the filer of a petition gave; None says that they want no SMS."""
    _of_petition[:] = [phone]


def phone_of(message: OutboxMessage) -> str | None:
    """Eleven digits; empty where there is no mobile number, None where none is wanted."""
    kept = _of_household(message.household) if message.household else _of_petition[0](message.petition)
    return kept and mobile(kept)


def mobile(number: str) -> str:
    """The eleven digits of a mobile number however it was written; empty for every other one."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", number))
    return found.group(1) if found else ""


def phone_is_mobile(household: Household) -> bool:
    return bool(mobile(read_kept(household.phone)))


def _of_household(code: str) -> str | None:
    """Of one that has left the register nobody knows who holds its telephone; one that has another code now is there."""
    if not wants_sms(code):
        return None
    found = Household.objects.active(timezone.localdate()).filter(pk__in=codes_of(code)).first()
    return read_kept(found.phone) if found else None
