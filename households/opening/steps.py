"""How far a county's first day is, worked out from what is there. Each room registers the steps that it knows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.cache import cache

from households.models import User

NAMED = 8  # missing things that are named
_LOOKED = 60  # seconds for which nobody asks again whether the first day is over
_OVER_FOR = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class StepLink:
    """Where something is done. `post` is a button that does it."""

    label: str
    url: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class OpeningStep:
    """One step. `figures` are (number, what); `missing` are sentences; `who` does it where the reader cannot."""

    at: int
    title: str
    done: bool
    words: str
    figures: tuple[tuple[object, str], ...] = ()
    missing: tuple[str, ...] = ()
    links: tuple[StepLink, ...] = ()
    who: str = ""


@dataclass(frozen=True, slots=True)
class OpeningProgress:
    """All steps, and the first that is not done."""

    steps: list[OpeningStep]

    @property
    def next(self) -> OpeningStep | None:
        return next((step for step in self.steps if not step.done), None)

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)


Offer = Callable[[User, str], Iterable[OpeningStep]]
Over = Callable[[str], bool]
_offers: list[Offer] = []
_overs: list[Over] = []


def register(offer: Offer) -> None:
    """Have a room's steps asked for: of a reader, and of the county's code."""
    _offers.append(offer)


def register_end(over: Over) -> None:
    """Have a room say whether a county's first day is over for good."""
    _overs.append(over)


def progress_of(user: User) -> OpeningProgress:
    """The steps of the reader's county in their order."""
    county = user.division_id or ""
    found = (step for offer in _offers for step in offer(user, county))
    return OpeningProgress(sorted(found, key=lambda step: step.at))


def is_over(county: str) -> bool:
    """Whether nobody of the county needs the page in the menu: a month is frozen. Asked once a minute at most."""
    key = f"opening-over:{county}"
    known: bool | None = cache.get(key)
    if known is None:
        known = any(over(county) for over in _overs)
        cache.set(key, known, _OVER_FOR if known else _LOOKED)
    return known


def listed(what: str, names: list[str], count: int) -> tuple[str, ...]:
    """还没有……的 N 个：甲、乙 等; nothing when there is none."""
    if not count:
        return ()
    more = " 等" if count > len(names) else ""
    return (f"{what} {count} 个：{'、'.join(names)}{more}",)
