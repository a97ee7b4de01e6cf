"""Whether the password alone opens the high posts, as `manage.py verify` and the page of the running say it. Repairs nothing."""

from collections.abc import Iterator

from households.accounts.limits import needing, why_off
from households.accounts.reads import without_factor
from households.house.checks import Checked
from households.months import Month


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line. It breaks nothing that somebody must still bind a telephone: until then they can do nothing else."""
    yield Checked(second_factor(), holds=True)


def second_factor() -> str:
    """What stands, and how many have not bound one."""
    roles = needing()
    if not roles:
        return f"注意 登录没有要求动态口令（{why_off()}）"
    left = without_factor(roles).count()
    return f"正常 登录要求动态口令{f'，还有 {left} 个账号没有绑定' if left else ''}"
