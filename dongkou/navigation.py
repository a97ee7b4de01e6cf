"""What stands in the navigation of a signed-in person: one entry per page that the role may open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.urls import reverse as _strict_reverse

from households.codes import LENGTHS, Level
from households.models import User
from households.months import Month
from households.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One link; ``names`` are the URL names of the pages that belong to it."""

    label: str
    icon: str
    url: str
    names: frozenset[str]
    current: bool = False


def entries(user: User, month: Month, here: str) -> list[Entry]:
    """The links for `user`, leading to `month`; the one that holds the page named `here` is current."""
    return [Entry(label, icon, url, names, here in names) for label, icon, url, names in _links(user, month)]


def reverse(name: str, args: list[str] | None = None) -> str:
    """Until every room has its pages."""
    try:
        return _strict_reverse(name, args=args)
    except NoReverseMatch:
        return "/"


def _links(user: User, month: Month) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    yield "首页", "home", reverse("home"), frozenset({"home"})
    if may(user, Permission.SEE_SHEET) and works_in_village(user):
        yield "月度台账", "clipboard-list", reverse("sheet", args=[month]), frozenset({"sheet"})
    if may(user, Permission.REVIEW):
        yield "审核", "checks", reverse("review", args=[month]), frozenset({"review"})
    if may(user, Permission.SEE_RANKINGS):
        yield "排名", "list-numbers", reverse("rankings", args=[month, "village"]), frozenset({"rankings", "why"})
        yield "部门排名", "building", reverse("department-rankings", args=[month]), frozenset({"department-rankings"})
    if may(user, Permission.MANAGE_ACCOUNTS):
        yield "账号", "users", reverse("users"), frozenset({"users", "create-user", "new-password", "deactivate-user"})
    if may(user, Permission.READ_AUDIT):
        yield "审计记录", "history", reverse("audit"), frozenset({"audit"})
    yield "积分细则", "book", reverse("rules"), frozenset({"rules"})


def works_in_village(user: User) -> bool:
    """Whether the person's place is a village or a group: only there is one sheet his own."""
    return len(user.division_id or "") >= LENGTHS[Level.VILLAGE]
