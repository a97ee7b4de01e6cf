"""First, repeated or long-standing: which of them a petition is, by what the same people filed about the same matter. Pure.

初访: none of them filed it before, by whichever channel. 重访: they did. 积案: they did, a year or more ago, and it has
not been settled since; settled is what the filer confirmed, what was closed, what a final review ended, and what belongs
on another path. What was withdrawn was not filed; what was merged goes as the one that took it in. The three classes
are those of the founding article; the year is ours, as no regulation gives a figure.

It is a suggestion: the petition office decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from petitions.states import PetitionState

FIRST, REPEAT, BACKLOG = "first", "repeat", "backlog"
LONG = timedelta(days=365)
RESOLVED = frozenset(
    {
        PetitionState.CONFIRMED,
        PetitionState.CLOSED,
        PetitionState.FINAL,
        PetitionState.REDIRECTED,
        PetitionState.NOT_ACCEPTED,
    }
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier petition of the same people about the same matter: its day and state."""

    filed_on: date
    state: PetitionState


def suggested(filed_on: date, others: Iterable[Earlier]) -> str:
    """FIRST, REPEAT or BACKLOG for a petition filed on `filed_on`; those filed later do not count."""
    earlier = [one for one in others if one.filed_on <= filed_on and one.state is not PetitionState.WITHDRAWN]
    if not earlier:
        return FIRST
    unsettled = [one for one in earlier if one.state not in RESOLVED and one.state is not PetitionState.MERGED]
    old = filed_on - min(one.filed_on for one in earlier) >= LONG
    return BACKLOG if old and unsettled else REPEAT
