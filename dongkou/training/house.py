"""What training brings to the house: its entry, its words in the audit log, and what `verify` asks about it."""

from collections.abc import Iterator
from logging import LogRecord

from dongkou.training.state import IN_TRAINING, MARK
from households.house.checks import Checked
from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.permissions import Permission, may
from households.sql import column

ACTIONS: dict[str, str] = {"training.make": "建练习村", "training.enter": "进入练习村"}

# Places and households cannot (division_is_not_invented, and households hang on their group); these carry a code of their own.
_INVENTED = " UNION ALL ".join(
    f"(SELECT '{table} ' || {code} FROM {table} WHERE {code} >= '{MARK}' AND {code} < '{MARK}:' LIMIT 1)"
    for table, code in (
        ("households_division", "code"),
        ("households_household", "code"),
        ("scoring_scoreevent", "code"),
        ("scoring_householdscore", "code"),
        ("scoring_divisionscore", "code"),
        ("scoring_sheet", "village_id"),
    )
)
_RULE = "SELECT conname FROM pg_constraint WHERE conname = 'division_is_not_invented' AND convalidated"


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """练习村; not inside of one, where the banner leads back."""
    if may(user, Permission.TRAIN) and not IN_TRAINING.get():
        yield NavigationEntry(91, "练习村", "school", ("training",))


def checked(_month: Month | None) -> Iterator[Checked]:
    """Nothing of a training village lies among the county's rows, and the database refuses it."""
    what = "练习村的数据不在全县的数据里（training_apart）"
    if found := column(_INVENTED):
        yield Checked(f"不符 {what}：{found[0]}", holds=False)
    elif not column(_RULE):
        yield Checked(f"不符 {what}：约束 division_is_not_invented 不在", holds=False)
    else:
        yield Checked(f"正常 {what}", holds=True)


def is_real(_record: LogRecord) -> bool:
    """Whether an audit line leaves the machine: those of training villages do not."""
    return not IN_TRAINING.get()
