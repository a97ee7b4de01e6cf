"""What stands in the navigation of a signed-in person: one entry per page that the role may open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from households.codes import Level, reaches
from households.models import User
from households.months import Month
from households.permissions import Permission, may
from households.roles import Role

# They record what their documents say, on the sheets of villages that are not their own place of work.
RECORD_ELSEWHERE = frozenset({Role.DEPARTMENT, Role.PETITION_OFFICE})
SHOP_PAGES = (
    *("shops", "shop", "shop-settings", "shop-items", "shop-item-new", "shop-item", "shop-purchases", "shop-purchase"),
    *("shop-stocktakes", "shop-stocktake", "shop-stocktake-count", "shop-redemptions", "shop-redemption"),
    *("shop-reconciliation", "shop-counter"),
)
PROJECT_PAGES = (
    "projects",
    "project",
    "project-needs",
    "project-new",
    "project-edit",
    "ballot",
    "ballot-new",
    "ballot-print",
)
DAY_PAGES = ("days", "day-plan", "reception", "reception-case", "reception-new-matter", "reception-record")
PETITION_PAGES = (
    *("petitions", "petition", "petition-file", "petition-unmask", "petition-import", "petition-erasures"),
    *("petition-templates", "petition-template"),
)
FUND_PAGES = ("funds", "fund", "fund-rule", "award-run", "award-review", "performances")


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. `names` are the URL names of the pages that belong to it; it leads to the first of them.

    `rooms` are the links of a second row, shown while it is current.
    """

    label: str
    icon: str
    names: tuple[str, ...]
    args: tuple[str, ...] = ()
    current: bool = False
    rooms: tuple["Entry", ...] = ()

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.names[0], args=self.args)


def entries(user: User, month: Month, here: str) -> list[Entry]:
    """The links for `user`, leading to `month`; the one that holds the page named `here` is current."""
    return [_marked(entry, here) for entry in _entries(user, month)]


def _marked(entry: Entry, here: str) -> Entry:
    rooms = tuple(_marked(room, here) for room in entry.rooms)
    return replace(entry, current=here in entry.names, rooms=rooms)


def _entries(user: User, month: Month) -> Iterator[Entry]:
    yield Entry("首页", "home", ("home",))
    if may(user, Permission.SEE_SHEET) and (works_in_village(user) or user.role in RECORD_ELSEWHERE):
        yield Entry("月度台账", "clipboard-list", ("sheet",), (month,))
    if may(user, Permission.SEE_HOUSEHOLDS) and works_in_village(user):
        yield Entry("户名册", "address-book", ("households", "show-phone"))
    if may(user, Permission.ISSUE_PLATE):
        yield Entry("户牌", "qrcode", ("plates", "plate-of", "plate-slips", "plate-sheet"))
    if may(user, Permission.REVIEW):
        yield Entry("审核", "checks", ("review", "review-sheet"), (month,))
    if may(user, Permission.SEE_RANKINGS):
        yield Entry("排名", "list-numbers", ("rankings", "ranking-snapshot", "why"), (month, "village"))
        yield Entry("部门排名", "building", ("department-rankings", "department-why"), (month,))
    if may(user, Permission.ASK_RESTATEMENT) or may(user, Permission.GRANT_RESTATEMENT):
        yield Entry("锁定后调整", "rotate", ("adjustments", "adjustment", "adjustment-ask"))
    if may(user, Permission.SEE_POINTS):
        yield Entry("积分", "coins", ("points-home", "points", "department-points", "point-adjustments"))
    yield from _of_rewards(user)
    yield from _of_petitions(user)
    if may(user, Permission.MANAGE_ACCOUNTS):
        yield Entry("账号", "users", ("users", "create-user", "new-password", "switch-user"))
    if may(user, Permission.READ_AUDIT):
        yield Entry("审计记录", "history", ("audit",))
    yield Entry("积分细则", "book", ("rules", "rules-version"))


def _of_petitions(user: User) -> Iterator[Entry]:
    """The three direct lines: one entry, the rooms behind it on a second row."""
    rooms = tuple(_rooms_of_petitions(user))
    if rooms:
        yield Entry("信访", "mailbox", tuple(name for room in rooms for name in room.names), rooms=rooms)


def _rooms_of_petitions(user: User) -> Iterator[Entry]:
    if may(user, Permission.SEE_PETITIONS):
        yield Entry("信访件", "mailbox", PETITION_PAGES)
        yield Entry("接访", "calendar-event", DAY_PAGES)
        yield Entry("承诺", "heart-handshake", ("promises",))
    if may(user, Permission.WORK_PETITIONS) or may(user, Permission.RUN_DAYS):
        yield Entry("包案", "user-check", ("owned", "petition-own"))
    if may(user, Permission.SEE_PETITION_BOARD):
        yield Entry("统计", "chart-bar", ("petition-board", "petition-rating-flags"))
    if may(user, Permission.REDACT_PETITIONS):
        yield Entry("公开答复", "world", ("petition-publishing", "petition-publish"))


def _of_rewards(user: User) -> Iterator[Entry]:
    """What points become."""
    if may(user, Permission.SEE_SHOP):
        yield Entry("积分超市", "building-store", SHOP_PAGES)
    if may(user, Permission.SEE_PROJECTS):
        yield Entry("项目", "building-community", PROJECT_PAGES)
    if may(user, Permission.SEE_AWARDS):
        yield Entry("奖励", "award", ("awards", "same-reward", "performance-statement"))
    if may(user, Permission.MANAGE_FUNDS):
        yield Entry("奖励资金", "coin-yuan", FUND_PAGES)


def works_in_village(user: User) -> bool:
    """Whether the person's place is a village or a group: only there is one sheet his own."""
    return reaches(user.division_id or "", Level.VILLAGE)
