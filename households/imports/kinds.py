"""Which kinds of files can be brought in by the browser: each room registers its own, with what they need."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from households.files import bounds
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Tell, quiet
from households.models import User
from households.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What one call of an import is about. `keep` is the run that keeps what was before; `options` come from the form."""

    name: str
    data: bytes
    by: User
    dry_run: bool
    options: dict[str, Any] = field(default_factory=dict)
    tell: Tell = quiet
    keep: int | None = None
    within: bounds.Bounds = bounds.COUNTY

    @property
    def given(self) -> dict[str, Any]:
        """What every import takes by the same names."""
        return {name: getattr(self, name) for name in ("name", "data", "by", "dry_run", "tell", "keep", "within")}


# Why a run cannot be taken back now, one Chinese sentence each; and taking it back, which tells how many rows it touched.
Hindrances = Callable[[int], Sequence[str]]
TakeBack = Callable[[int, User], int]


QUICK = 200_000  # of a file whose lines are written all at once


@dataclass(frozen=True, slots=True)
class ImportKind:
    """`slug` stands in addresses. `asks` names what its form asks besides: accept_changes, since, again, month, order.

    A kind that cannot be taken back as one says why, and what to do instead, in `stays`.
    """

    at: int
    slug: str
    label: str
    permission: Permission
    columns: tuple[FileColumn, ...]
    act: Callable[[ImportOrder], ImportReport]
    words: str = ""
    asks: frozenset[str] = frozenset()
    hindrances: Hindrances | None = None
    take_back: TakeBack | None = None
    stays: str = ""
    slow: bool = False  # whether writing takes long however small the file
    quick: int = QUICK  # bytes of a file that is read, checked and written in less than two seconds

    @property
    def is_undoable(self) -> bool:
        """Whether what was written can be taken back as one. Pages ask this: a template would call `take_back` itself."""
        return self.take_back is not None


_KINDS: dict[str, ImportKind] = {}


def register(*kinds: ImportKind) -> None:
    """Have files of these kinds taken in by the browser."""
    _KINDS.update({kind.slug: kind for kind in kinds})


def kinds_for(user: User) -> Iterator[ImportKind]:
    """Those that a person may bring in, in their order."""
    return (kind for kind in sorted(_KINDS.values(), key=lambda one: one.at) if may(user, kind.permission))


def kind_of(slug: str) -> ImportKind | None:
    """The kind of that name."""
    return _KINDS.get(slug)
