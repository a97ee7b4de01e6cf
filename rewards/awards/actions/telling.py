"""Telling the posts of a place what became of its awards."""

from collections.abc import Callable, Iterable

from households.codes import Level, is_level
from households.inbox.actions import Post, tell
from households.roles import Role
from rewards.awards.suspension import suspended_among
from rewards.models import Award


def tell_places(kind: str, awards: Iterable[Award], *, key: object, more: str = "") -> None:
    """One message for each award, to whoever works with it. In the caller's transaction."""
    for award in awards:
        about = [award.kind, award.letter_no, *([more] if more else [])]
        tell(kind, key=f"{award.pk}:{key}", to=_posts(award.division_id), about=about)


def _posts(place: str) -> list[Post]:
    if is_level(place, Level.TOWNSHIP):
        return [(Role.TOWNSHIP, place)]
    return [(Role.CADRE, place), (Role.SUPERVISOR, place)]


def watch(month: str, county: str) -> Callable[[int], None]:
    """Before a county's month is kept again: afterwards the places whose awards it stopped or freed are told."""
    resting = Award.objects.filter(run__months__contains=[month], division__code__startswith=county)
    awards = list(resting.select_related("run").order_by("pk"))
    before = suspended_among(awards)

    def follow(version: int) -> None:
        now, key = suspended_among(awards), f"{month}:{version}"
        tell_places("award.suspended", [one for one in awards if one.pk in now - before], key=key)
        tell_places("award.payable", [one for one in awards if one.pk in before - now], key=key)

    return follow
