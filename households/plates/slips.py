"""PINs on their way to paper: kept encrypted for half an hour, for the person who issued them, then gone for good.

They are shown on one page that may be loaded again while the printer is being found. The database never holds them.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.cache import cache

from households.models import Plate, User
from households.refusals import Refused
from households.sealing.sealing import Unreadable, seal, unseal

SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class PlateSlip:
    """What one piece of paper says. `pin` is empty on a reprint of the plate alone."""

    household: str
    group: str
    token: str
    pin: str = ""

    @property
    def serial(self) -> str:
        """The household's number in its group, four digits."""
        return self.household[-4:]


def slip_of(plate: Plate, pin: str = "") -> PlateSlip:
    """The slip of a plate whose household and group are loaded."""
    return PlateSlip(plate.household_id, plate.household.group.name, plate.token, pin)


def keep(slips: Iterable[PlateSlip], *, by: User) -> str:
    """Keep slips for `by`; returns the id under which they find them.

    Refused (503) while the cache is away: a PIN that cannot be printed must not be in force.
    """
    batch = secrets.token_urlsafe(16)
    plain = json.dumps([asdict(slip) for slip in slips]).encode()
    sealed = seal(plain, bound_to=_owner(by))
    cache.set(_key(batch), sealed, SECONDS)
    if cache.get(_key(batch)) != sealed:
        raise Refused("unavailable", "现在打印不了，原来的密码仍然有效。", hint="请过一两分钟再办。", status=503)
    return batch


def read(batch: str, *, by: User) -> list[PlateSlip] | None:
    """The slips kept for `by`; None when there are none, no longer, or they are somebody else's."""
    sealed = cache.get(_key(batch))
    if sealed is None:
        return None
    try:
        plain = unseal(sealed, bound_to=_owner(by))
    except Unreadable:
        return None
    return [PlateSlip(**fields) for fields in json.loads(plain)]


def forget(batch: str, *, by: User) -> None:
    """Drop the slips at once: they are printed."""
    if read(batch, by=by) is not None:
        cache.delete(_key(batch))


def _key(batch: str) -> str:
    return f"slips:{batch}"


def _owner(by: User) -> bytes:
    return f"slips of {by.pk}".encode()
