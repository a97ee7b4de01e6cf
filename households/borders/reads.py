"""Reading changes of places: the county's list, one order, where a place came from and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.models import BorderKind, BorderLine, BorderOrder, Division, User
from households.scope import Scope


def orders_in(user: User) -> "QuerySet[BorderOrder]":
    """The orders that touch the person's part of the county, the newest first."""
    found: QuerySet[BorderOrder] = BorderOrder.objects.within(user.scope).select_related("by", "undone_by", "run")
    return found


def lines_for(order: BorderOrder, scope: Scope) -> list[BorderLine]:
    """What it did, as far as the scope reaches: on either side, and renamed places above it."""
    lines = order.lines.select_related("old__parent", "new__parent")
    return [one for one in lines if any(code and scope.meets(code) for code in (one.old_id, one.new_id))]


@dataclass(frozen=True, slots=True)
class PlaceStory:
    """What became of a place: `came` the places that it holds now, `went` where it or parts of it went, `names` what it was."""

    came: list[BorderLine]
    went: list[BorderLine]
    renamed: list[BorderLine]

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.renamed)

    @property
    def lines(self) -> list[BorderLine]:
        """All of it, the newest first."""
        return sorted({*self.came, *self.went, *self.renamed}, key=lambda one: -one.pk)


def story_of(code: str) -> PlaceStory:
    """By the orders that stand. One query."""
    mine = BorderLine.objects.filter(Q(old=code) | Q(new=code), order__undone_at=None).select_related(
        "order", "old", "new"
    )
    lines = list(mine.order_by("-id"))
    return PlaceStory(
        came=[one for one in lines if one.new_id == code and one.old_id not in (None, code)],
        went=[one for one in lines if one.old_id == code and one.new_id != code],
        renamed=[one for one in lines if one.kind in (BorderKind.RENAME, BorderKind.NEW)],
    )


def places_for(user: User, digits: Iterable[int]) -> list[Division]:
    """Places of these lengths that stand in the person's part, with the place above, to choose from."""
    inside = Division.objects.within(user.scope).filter(valid_to=None).select_related("parent").order_by("code")
    wanted = set(digits)
    return [one for one in inside if len(one.code) in wanted]
