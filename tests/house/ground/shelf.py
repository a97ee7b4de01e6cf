"""Holds names of the till, as other modules do."""

from tests.house.ground import till as counter
from tests.house.ground.till import CHEAP as LOW
from tests.house.ground.till import DEAR

LABELS = tuple(ware.upper() for ware in counter.WARES)
ROWS = [*(f"{ware}: cheap" for ware in LOW), *(f"{ware}: dear" for ware in DEAR)]
