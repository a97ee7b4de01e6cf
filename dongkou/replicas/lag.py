"""How far behind a replica is, by one clock alone: that of the process that asks."""

from collections import deque
from dataclasses import dataclass, field

REMEMBERED = 300  # moments; at one a second five minutes


@dataclass(slots=True)
class LagHistory:
    """What the primary had written by which moment. Moments are seconds of this process's own clock, positions bytes of its log."""

    known: "deque[tuple[float, int]]" = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def note(self, moment: float, written: int) -> None:
        """By this moment, or later, the primary had written up to this position."""
        self.known.append((moment, written))

    def complete_until(self, replayed: int) -> float | None:
        """A moment up to which nothing is missing on a replica that has replayed so much; None when nothing known says so."""
        return next((moment for moment, written in reversed(self.known) if written <= replayed), None)
