"""Navigation entries of scoring."""

from collections.abc import Iterator

from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may
from households.roles import Role

# They record what their documents say, on the sheets of villages that are not their own place of work.
RECORD_ELSEWHERE = frozenset({Role.DEPARTMENT, Role.PETITION_OFFICE})


def entries(user: User, month: Month) -> Iterator[NavigationEntry]:
    """Sheet, review, rankings, restatements, points, rules."""
    if may(user, Permission.SEE_SHEET) and (user.works_in_village or user.role in RECORD_ELSEWHERE):
        yield NavigationEntry(10, "月度台账", "clipboard-list", ("sheet",), (month,))
    if may(user, Permission.REVIEW):
        yield NavigationEntry(30, "审核", "checks", ("review", "review-sheet"), (month,))
    if may(user, Permission.SEE_RANKINGS):
        yield NavigationEntry(31, "排名", "list-numbers", ("rankings", "ranking-snapshot", "why"), (month, "village"))
        yield NavigationEntry(32, "部门排名", "building", ("department-rankings", "department-why"), (month,))
    if may(user, Permission.ASK_RESTATEMENT) or may(user, Permission.GRANT_RESTATEMENT):
        pages = ("adjustments", "adjustment", "adjustment-ask", "withholdings", "withholding", "withholding-ask")
        yield NavigationEntry(33, "锁定后调整", "rotate", pages)
    if may(user, Permission.SEE_POINTS):
        yield NavigationEntry(40, "积分", "coins", ("points-home", "points", "department-points", "point-adjustments"))
    yield NavigationEntry(90, "积分细则", "book", ("rules", "rules-version"))
