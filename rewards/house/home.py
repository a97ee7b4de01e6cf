"""What of awards waits for the people with a key to the funds, for their home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from households.house.home import Block, Column
from households.models import User
from households.permissions import Permission, may
from rewards.awards.reads import awards_seen_by
from rewards.awards.suspension import suspended_among


@dataclass(frozen=True, slots=True)
class SuspendedRun:
    """The suspended awards of one run, with the fen that cannot be used meanwhile."""

    run: int
    name: str
    awards: int
    fen: int


def blocks(user: User, _today: date) -> Iterator[Block]:
    """Awards that somebody with a key has to decide on."""
    if may(user, Permission.MANAGE_FUNDS) and (waiting := suspended_runs(user)):
        yield Block(15, Column.DUE, "rewards/house/_suspended.html", waiting)


def suspended_runs(user: User) -> list[SuspendedRun]:
    """Runs with suspended awards inside the person's subtree."""
    awards = list(awards_seen_by(user).select_related("run__fund").order_by("run"))
    stopped = suspended_among(awards)
    found: dict[int, SuspendedRun] = {}
    for award in awards:
        if award.pk in stopped:
            name = f"{award.run.fund.year}年度{award.run.get_kind_display()}"
            before = found.get(award.run_id, SuspendedRun(award.run_id, name, 0, 0))
            found[award.run_id] = SuspendedRun(award.run_id, name, before.awards + 1, before.fen + award.left_fen)
    return list(found.values())
