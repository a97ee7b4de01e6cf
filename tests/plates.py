"""Plates as households have them after their first visit: with a PIN that they have set themselves."""

from households.models import Household, Plate
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plate


def own_plate(household: Household) -> tuple[Plate, str]:
    """A new plate for a household, and the PIN that it has set."""
    plate, _printed = issue_plate(household=household, by=None)
    return plate, used_before(plate=plate)
