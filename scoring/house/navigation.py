"""Navigation entries of scoring."""

from collections.abc import Iterator

from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may
from households.roles import Role

OBJECTION_PAGES = ("objections", "objection", "objection-new", "objection-rule", "objection-hand-on")
BATCH_PAGES = ("batches", "record-one-clause", "paste-rows", "batch", "papers", "paper", "reminders", "correct-event")
CARRYING_PAGES = ("carried", "carried-receipts")
FINDING_PAGES = ("findings", "finding", "finding-new")
POINT_PAGES = ("point-adjustments", "heirless-points")
RANKING_PAGES = ("rankings", "ranking-snapshot", "why")


def entries(user: User, month: Month) -> Iterator[NavigationEntry]:
    """Sheet, review, rankings, restatements, points, rules. Without a month each room opens the one that is due."""
    if may(user, Permission.SEE_SHEET):
        yield _monthly(10, "月度台账", "clipboard-list", ("sheet-due", "sheet", *BATCH_PAGES, *CARRYING_PAGES), month)
    if may(user, Permission.REMIND):
        yield _monthly(29, "进度", "traffic-lights", ("cockpit-due", "cockpit", "remind"), month)
    if may(user, Permission.REVIEW) or user.role == Role.COUNTY_OFFICE:
        yield _monthly(30, "审核", "checks", ("review-due", "review", "review-sheet"), month)
    yield from _notices(user)
    if may(user, Permission.SUPERVISE):
        yield _monthly(30, "监督", "eye-check", ("supervision-due", "supervision"), month)
    if may(user, Permission.SEE_RANKINGS):
        yield _monthly(31, "排名", "list-numbers", ("rankings-now", *RANKING_PAGES), month, "village")
        names = ("department-rankings-now", "department-rankings", "department-why")
        yield _monthly(32, "部门排名", "building", names, month)
        yield NavigationEntry(32, "部门和联村", "building-community", ("departments", "department", "change-linkage"))
    if may(user, Permission.ASK_RESTATEMENT) or may(user, Permission.GRANT_RESTATEMENT):
        pages = ("adjustments", "adjustment", "adjustment-ask", "withholdings", "withholding", "withholding-ask")
        yield NavigationEntry(33, "锁定后调整", "rotate", pages)
    if may(user, Permission.SET_CALENDAR):
        of_calendar = ("calendar", "preview-calendar", "set-calendar", "village-month", "extend-month")
        yield NavigationEntry(78, "日历", "calendar", (*of_calendar, "force-freeze", "decide-force"))
    if may(user, Permission.SEE_POINTS):
        yield NavigationEntry(40, "积分", "coins", ("points-home", "points", "department-points", *POINT_PAGES))
    if may(user, Permission.ADOPT_SCHEME):
        yield NavigationEntry(34, "发布细则", "book-upload", ("scheme-asks", "scheme-ask"))
    yield NavigationEntry(90, "积分细则", "book", ("rules", "rules-version"))


def _notices(user: User) -> Iterator[NavigationEntry]:
    """What stands on no village's sheet, what is posted, found, and contested."""
    if may(user, Permission.RECORD_EVENT) and not user.works_in_village and user.division_id:
        yield NavigationEntry(11, "乡镇和县的例外", "building-bank", ("place-entries-due", "place-entries"))
    if may(user, Permission.SEE_SHEET):
        yield NavigationEntry(30, "公示", "clipboard-check", ("notices",))
    if may(user, Permission.SEE_FINDINGS):
        yield NavigationEntry(30, "部门认定", "file-certificate", FINDING_PAGES)
    if may(user, Permission.SEE_OBJECTIONS):
        yield NavigationEntry(30, "异议", "message-report", OBJECTION_PAGES)


def _monthly(at: int, label: str, icon: str, names: tuple[str, ...], month: Month, *rest: str) -> NavigationEntry:
    """To the first page while no month is asked for, else to the second one in that month."""
    if not month:
        return NavigationEntry(at, label, icon, names)
    due, *pages = names
    return NavigationEntry(at, label, icon, (*pages, due), (month, *rest))
