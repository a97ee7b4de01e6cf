"""What two people read of one paper, side by side."""

from hypothesis import given
from hypothesis import strategies as st

from scoring.papers.rules import PaperRow, agreed, differences, settled

rows = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["2024-05-01", "2024-05-02"]),
        st.sampled_from(["WR02", "WR09"]),
        st.sampled_from(["", "石公1号", "石公 1号"]),
        st.sampled_from(["", "清沟"]),
    ),
    max_size=6,
)


@given(rows)
def test_same_reading_has_no_differences(read: list[PaperRow]) -> None:
    assert differences(read, read) == [] and sorted(agreed(read, read)) == sorted(read)


@given(rows, rows)
def test_choosing_one_reader_everywhere_gives_that_reading(first: list[PaperRow], second: list[PaperRow]) -> None:
    count = len(differences(first, second))
    assert settled(first, second, ["first"] * count) == sorted(first)
    assert len(settled(first, second, ["second"] * count)) == len(second)
    assert settled(first, second, ["none"] * count) == sorted(agreed(first, second))


@given(rows, rows)
def test_every_row_is_agreed_or_shown(first: list[PaperRow], second: list[PaperRow]) -> None:
    shown = differences(first, second)
    assert len(first) == len(agreed(first, second)) + sum(one.first is not None for one in shown)
    assert len(second) == len(agreed(first, second)) + sum(one.second is not None for one in shown)


def test_rows_of_one_household_stand_beside_each_other() -> None:
    mine, yours = ("1", "2024-05-01", "WR02", "", ""), ("1", "2024-05-02", "WR02", "", "")
    [one] = differences([mine], [yours])
    assert (one.first, one.second) == (mine, yours)
