"""Navigation entries of rewards: what points become."""

from collections.abc import Iterator

from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may

SHOP_PAGES = (
    *("shops", "shop", "shop-settings", "shop-items", "shop-item-new", "shop-item", "shop-purchases", "shop-purchase"),
    *("shop-stocktakes", "shop-stocktake", "shop-stocktake-count", "shop-redemptions", "shop-redemption"),
    *("shop-reconciliation", "shop-counter"),
)
PROJECT_PAGES = (
    *("projects", "project", "project-needs", "project-new", "project-edit"),
    *("ballot", "ballot-new", "ballot-print"),
)
FUND_PAGES = ("funds", "fund", "fund-rule", "award-run", "award-review", "performances")


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """Shop, projects, awards, funds."""
    if may(user, Permission.SEE_SHOP):
        yield NavigationEntry(50, "积分超市", "building-store", SHOP_PAGES)
    if may(user, Permission.WATCH_PINS):
        yield NavigationEntry(50, "户牌密码动用", "key", ("pin-watch",))
    if may(user, Permission.SEE_PROJECTS):
        yield NavigationEntry(51, "项目", "building-community", PROJECT_PAGES)
    if may(user, Permission.SEE_AWARDS):
        yield NavigationEntry(52, "奖励", "award", ("awards", "same-reward", "performance-statement"))
    if may(user, Permission.MANAGE_FUNDS):
        yield NavigationEntry(53, "奖励资金", "coin-yuan", FUND_PAGES)
