"""Everything that is kept about one household. Each room registers what it keeps; page, PDF and JSON are made from it alike."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from households.models import Plate
from households.register import looking


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A JPEG with a line that says what it is."""

    words: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptSection:
    """One kind of what is kept, as a table of words and pictures with it. Sections stand in the order of `at`."""

    at: int
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    pictures: Callable[[], Iterable[KeptPicture]] = tuple  # fetched for a copy alone


Offer = Callable[[Plate], Iterable[KeptSection]]
_offers: list[Offer] = []


def register(offer: Offer, looks: Mapping[str, str] | None = None) -> None:
    """Have a room asked for what it keeps about a household, in its reader's words and in full; `looks` tells of those who read it.

    It is given the plate: what was there before the household had this PIN is not always for whoever knows it now.
    """
    _offers.append(offer)
    looking.register(looks or {})


def kept_about(plate: Plate) -> list[KeptSection]:
    """All of it, in its order; kinds of which there is nothing are there, too, so that nobody wonders."""
    return sorted((section for offer in _offers for section in offer(plate)), key=lambda section: section.at)


def as_json(plate: Plate) -> dict[str, object]:
    """The copy for programs: each kind with its rows by column, and pictures in base64."""
    sections = kept_about(plate)
    pictures = [(section.title, picture) for section in sections for picture in section.pictures()]
    return {
        "household": plate.household_id,
        "kept": {
            section.title: [dict(zip(section.columns, row, strict=True)) for row in section.rows]
            for section in sections
        },
        "pictures": [
            {"of": title, "words": picture.words, "jpeg": base64.b64encode(picture.content).decode()}
            for title, picture in pictures
        ],
    }
