"""Accounts of places that end: who works there goes on at the place that goes on, and reads what was before."""

from collections.abc import Iterable, Mapping

from households.accounts.actions.posts import move_user
from households.codes import township_of
from households.models import Division, User
from households.register.former import former_places

WHY = "区划调整"


def follow_places(ways: Mapping[str, str], by: User | None) -> list[list[object]]:
    """Everybody with an account at a place that ends moves on, and must sign in again; returns (account, old place)."""
    moved: list[list[object]] = []
    for user in _people(ways):
        old = str(user.division_id)
        move_user(user=user, role=user.role, place=Division.objects.get(code=ways[old]), by=by, reason=WHY)
        moved.append([user.pk, old])
    return moved


def _people(places: Iterable[str]) -> Iterable[User]:
    return (
        User.objects.filter(division__in=list(places), is_active=True).select_related("division__parent").order_by("pk")
    )


def go_back(moved: Iterable[Iterable[object]], ways: Mapping[str, str], by: User | None) -> None:
    """Those who are still where the order brought them go back; `ways` as the order said them."""
    for number, old in moved:
        user = User.objects.select_related("division__parent").filter(pk=number, is_active=True).first()
        if user and user.division_id == ways.get(str(old)):
            move_user(user=user, role=user.role, place=Division.objects.get(code=str(old)), by=by, reason=f"{WHY}撤回")


def remember(villages: Iterable[str]) -> None:
    """Whoever works at these villages, in them or above reads the history of what ended in their place."""
    around = sorted({township_of(code) for code in villages})
    wanted = User.objects.filter(is_active=True, division__isnull=False)
    for user in wanted.extra(where=["left(division_id, 9) = ANY (%s)"], params=[around]):
        if (places := former_places(str(user.division_id))) != user.former_places:
            User.objects.filter(pk=user.pk).update(former_places=places)
