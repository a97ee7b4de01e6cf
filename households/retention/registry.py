"""What must go of a household besides its own row, and what keeps one: each room registers its own."""

from collections.abc import Callable, Iterable, Sequence

WORDS_GONE = "（已清除）"  # stands where words were that must not be missing

Eraser = Callable[[Sequence[str]], None]
Hold = Callable[[Sequence[str]], Iterable[str]]
_erasers: list[Eraser] = []
_holds: list[Hold] = []


def register_eraser(eraser: Eraser) -> None:
    """Have a room empty what it keeps of persons, of households by code; in the caller's transaction, and harmless twice."""
    _erasers.append(eraser)


def register_hold(hold: Hold) -> None:
    """Have a room asked which of these households must not be erased yet: something is under way, or a court needs it."""
    _holds.append(hold)


def erase_elsewhere(codes: Sequence[str]) -> None:
    """In every room."""
    for eraser in _erasers:
        eraser(codes)


def held(codes: Sequence[str]) -> set[str]:
    """Those that some room holds."""
    return {code for hold in _holds for code in hold(codes)}
