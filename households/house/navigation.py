"""What stands in the navigation of a signed-in person. Each room registers the entries of its own pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from households.models import User
from households.months import Month
from households.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One link. `names` are the URL names of the pages that belong to it; it leads to the first of them.

    Entries stand in the order of `at`. `rooms` are the links of a second row, shown while it is current.
    Behind the one that `counts` stands how many things wait for the person.
    """

    at: int
    label: str
    icon: str
    names: tuple[str, ...]
    args: tuple[str, ...] = ()
    current: bool = False
    rooms: tuple["NavigationEntry", ...] = ()
    counts: bool = False

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.names[0], args=self.args)


PLATE_PAGES = ("plates", "plate-of", "plate-slips", "plate-sheet")  # of those who issue plates

ACCOUNT_PAGES = (
    "users",
    "create-user",
    "new-password",
    "account",
    "correct-account",
    "move-account",
    "hand-over-account",
    "account-slips",
)

Offer = Callable[[User, Month], Iterable[NavigationEntry]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have a room's entries asked for: those that this person may open, leading to this month, or where empty to the one due."""
    _offers.append(offer)


def entries(user: User, month: Month, here: str) -> list[NavigationEntry]:
    """The links for `user`, leading to `month`; the one that holds the page named `here` is current."""
    found = (entry for offer in _offers for entry in offer(user, month))
    return [_marked(entry, here) for entry in sorted(found, key=lambda entry: entry.at)]


def _marked(entry: NavigationEntry, here: str) -> NavigationEntry:
    rooms = tuple(_marked(room, here) for room in entry.rooms)
    return replace(entry, current=here in entry.names, rooms=rooms)


def own_entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """Home, inbox, register, plates, accounts and the audit log."""
    yield NavigationEntry(0, "首页", "home", ("home",))
    yield NavigationEntry(1, "待办", "inbox", ("inbox",), counts=True)
    if may(user, Permission.SEE_HOUSEHOLDS):
        of_register = ("find-household", "show-phone", "household-file", "change-household", "add-household")
        answered = ("corrections", "correction")
        yield NavigationEntry(20, "户名册", "address-book", ("households", *of_register, *answered))
        lists = ("household-changes", "household-proposal")
        yield NavigationEntry(20, "户籍变更", "arrows-exchange", lists)
        orders = ("borders", "border-order", "change-border")
        yield NavigationEntry(20, "区划调整", "map-2", orders)
        own = PLATE_PAGES if may(user, Permission.ISSUE_PLATE) else ()
        runs = ("plate-runs", "plate-run") if may(user, Permission.PRINT_PLATES) else ()
        yield NavigationEntry(21, "户牌", "qrcode", (*own, "never-opened-home", "never-opened", *runs))
    if may(user, Permission.DECLARE_KIN):
        yield NavigationEntry(77, "亲属申报", "users", ("kin", "kin-of", "declare-kin", "end-kin"))
    if may(user, Permission.BRING_FILES):
        yield NavigationEntry(78, "导入", "upload", ("imports", "import-file", "import-run"))
    if may(user, Permission.ARRANGE_YEARS):
        yield NavigationEntry(79, "放假安排", "calendar-event", ("arrangements", "preview-arrangement", "arrange-year"))
    if may(user, Permission.MANAGE_ACCOUNTS):
        yield NavigationEntry(80, "账号", "users", ACCOUNT_PAGES)
    if may(user, Permission.SEE_ACCOUNT_REQUESTS):
        names = ("account-requests", "ask-account", "ask-about-account", "ask-factor-off", "confirm-account")
        yield NavigationEntry(80, "要职账号", "user-check", names)
    if may(user, Permission.WATCH_SECURITY):
        yield NavigationEntry(80, "安全", "shield-check", ("security",))
    if may(user, Permission.READ_AUDIT):
        yield NavigationEntry(81, "审计记录", "history", ("audit", "audit-address", "audit-file"))
