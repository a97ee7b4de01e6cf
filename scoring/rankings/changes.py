"""How a rank moved against the month before, in a sign and in words. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RankChange:
    """How a rank moved: ``way`` is up, down, same or new."""

    way: str
    sign: str
    words: str


def rank_change(rank: int | None, previous: int | None) -> RankChange | None:
    """The change of a rank, None while there is no rank."""
    if not rank:
        return None
    if not previous:
        return RankChange("new", "新", "上月没有名次")
    if rank < previous:
        return RankChange("up", f"▲{previous - rank}", f"上升 {previous - rank} 位")
    if rank > previous:
        return RankChange("down", f"▼{rank - previous}", f"下降 {rank - previous} 位")
    return RankChange("same", "—", "与上月持平")
