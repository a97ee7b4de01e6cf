"""Everything that is kept about one household. Each room registers what it keeps; page, PDF and JSON are made from it alike."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from households.models import Plate


@dataclass(frozen=True, slots=True)
class KeptSection:
    """One kind of what is kept, as a table of words. Sections stand in the order of `at`."""

    at: int
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


Offer = Callable[[Plate], Iterable[KeptSection]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have a room asked for what it keeps about a household, in its reader's words and in full.

    It is given the plate: what was there before the household had this PIN is not always for whoever knows it now.
    """
    _offers.append(offer)


def kept_about(plate: Plate) -> list[KeptSection]:
    """All of it, in its order; kinds of which there is nothing are there, too, so that nobody wonders."""
    return sorted((section for offer in _offers for section in offer(plate)), key=lambda section: section.at)


def as_json(plate: Plate) -> dict[str, object]:
    """The copy for programs: each kind with its rows by column."""
    return {
        "household": plate.household_id,
        "kept": {
            section.title: [dict(zip(section.columns, row, strict=True)) for row in section.rows]
            for section in kept_about(plate)
        },
    }
