"""Whom the lines of a list mean, and how a file differs from what stands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.batches.rules import FileEntry, ListedHousehold, changes, matched
from tests.world import VILLAGE

ZHANG, LI, TWIN = f"{VILLAGE}010001", f"{VILLAGE}010002", f"{VILLAGE}020001"
HOMES = [
    ListedHousehold(ZHANG, "张三丰", "zsf"),
    ListedHousehold(LI, "李四光", "lsg"),
    ListedHousehold(TWIN, "张三丰", "zsf"),
]
TOKEN = "abcdefghijklmnopqrstuv"


def codes(line: str) -> tuple[str, ...]:
    return matched(line, HOMES, {TOKEN: LI})[0].codes


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("李四光", (LI,)),
        ("lsg", (LI,)),
        ("  2 ", (LI,)),
        ("０００２", (LI,)),
        (LI, (LI,)),
        ("1组2号", (LI,)),
        ("第2组1号 张三丰", (TWIN,)),
        ("1-1", (ZHANG,)),
        ("7\t李四光\t13800000000\t到", (LI,)),
        ("张三丰", (ZHANG, TWIN)),
        ("0001 张三丰", (ZHANG, TWIN)),
        ("王五", ()),
        (f"https://a.example/h/{TOKEN}/", (LI,)),
        ("https://a.example/h/zzzzzzzzzzzzzzzzzzzzzz/", ()),
    ],
)
def test_line_means_a_household_or_says_that_it_does_not(line: str, meant: tuple[str, ...]) -> None:
    assert codes(line) == meant


def test_names_are_not_matched_for_who_does_not_know_them() -> None:
    assert matched("李四光", [ListedHousehold(LI)], {})[0].codes == ()


entries = st.builds(
    FileEntry,
    st.sampled_from([ZHANG, LI, TWIN]),
    st.sampled_from([date(2024, 5, 1), date(2024, 5, 2)]),
    st.sampled_from(["WR02", "WR09"]),
    note=st.sampled_from(["", "清沟"]),
)


@given(st.lists(entries, max_size=8), st.lists(entries, max_size=8))
def test_sheet_says_what_the_file_says_afterwards(wanted: list[FileEntry], standing: list[FileEntry]) -> None:
    differ = changes(wanted, standing)
    after = [one.said for one in standing]
    for gone in differ.withdraw:
        after.remove(gone.said)
    after += [one.said for one in differ.add]
    assert sorted(after) == sorted(one.said for one in wanted)
    assert differ.stay + len(differ.add) == len(wanted)
    assert not {one.said for one in differ.add} & {one.said for one in differ.withdraw}


@given(st.lists(entries, max_size=8))
def test_same_file_changes_nothing(said: list[FileEntry]) -> None:
    differ = changes(said, said)
    assert (differ.add, differ.withdraw, differ.stay) == ([], [], len(said))
