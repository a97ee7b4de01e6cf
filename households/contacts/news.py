"""What a contact should know of their households. Each room says its own; a petition is nobody's to tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HouseholdNews:
    """One sentence about a household: what stands against it this month, or (`waits`) what it waits for."""

    household: str
    sentence: str
    waits: bool = False


Offer = Callable[[Sequence[str], date], Iterable[HouseholdNews]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have a room asked what there is of these households on a day."""
    _offers.append(offer)


def news_of(households: Sequence[str], today: date) -> Iterator[HouseholdNews]:
    """What every room says of the households; nothing is asked without any."""
    for offer in _offers if households else ():
        yield from offer(households, today)
