"""What goes of this room when a household that left long ago is erased, and what keeps one: words of its objections."""

from collections.abc import Iterable, Sequence

from scoring.models import Objection, ObjectionPhoto, ObjectionStep

GONE = "（已清除）"
_NOTHING = GONE.encode()


def erase(codes: Sequence[str]) -> None:
    """Words and photos; what was decided, and when, stays."""
    Objection.objects.filter(code__in=codes).update(text=GONE)
    ObjectionStep.objects.filter(objection__code__in=codes, words__isnull=False).update(words=GONE)
    ObjectionPhoto.objects.filter(objection__code__in=codes).update(content=_NOTHING)


def held(codes: Sequence[str]) -> Iterable[str]:
    """Households whose objection is still open."""
    return Objection.objects.open().filter(code__in=codes).values_list("code", flat=True)
