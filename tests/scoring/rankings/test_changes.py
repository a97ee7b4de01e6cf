"""How a rank moved against the month before."""

import pytest

from scoring.rankings.changes import RankChange, rank_change


@pytest.mark.parametrize(
    ("rank", "previous", "change"),
    [
        (2, 5, RankChange("up", "▲3", "上升 3 位")),
        (1, 2, RankChange("up", "▲1", "上升 1 位")),
        (5, 2, RankChange("down", "▼3", "下降 3 位")),
        (2, 1, RankChange("down", "▼1", "下降 1 位")),
        (1, 1, RankChange("same", "—", "与上月持平")),
        (3, None, RankChange("new", "新", "上月没有名次")),
        (None, 3, None),
        (None, None, None),
    ],
)
def test_change_is_told_as_a_sign_and_in_words(rank, previous, change) -> None:
    assert rank_change(rank, previous) == change
