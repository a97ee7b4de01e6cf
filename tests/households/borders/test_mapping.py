"""What a table of old and new codes comes to, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from households.borders.mapping import KnownPlace, MapLine, PlacesPlan, households_plan, places_plan

COUNTY, TOWN, EAST, WEST, NEW = "430726", "430726201", "430726201201", "430726201202", "430726201209"
NAMES = {COUNTY: "石门县", TOWN: "罗坪乡", EAST: "东山村", WEST: "西河村"}
GROUPS = {f"{EAST}01": "第1组", f"{EAST}02": "第2组", f"{WEST}01": "第1组", f"{WEST}03": "第3组"}
KNOWN = {code: KnownPlace(name) for code, name in (NAMES | GROUPS).items()} | {
    f"{WEST}07": KnownPlace("第7组", ended=True)
}


def planned(*lines: tuple[str, ...]) -> PlacesPlan:
    return places_plan([MapLine(at, *line) for at, line in enumerate(lines, start=2)], KNOWN)


def words(plan: PlacesPlan) -> list[str]:
    return [f"{fault.line} {fault.column} {fault.words}" for fault in plan.faults]


def test_new_name_renames_and_moves_nothing() -> None:
    plan = planned((EAST, "", "东岭村"), (TOWN, TOWN, "罗坪镇"))
    assert (plan.renames, plan.ways, plan.makes, plan.faults) == ({EAST: "东岭村", TOWN: "罗坪镇"}, {}, {}, [])


def test_village_into_another_puts_its_groups_behind_all_numbers_ever_used() -> None:
    plan = planned((EAST, WEST, ""))
    assert plan.ways == {EAST: WEST, f"{EAST}01": f"{WEST}08", f"{EAST}02": f"{WEST}02"}
    assert plan.makes == {f"{WEST}02": "第2组", f"{WEST}08": "东山村第1组"}
    assert plan.faults == []


def test_two_villages_become_a_new_one_with_a_name() -> None:
    plan = planned((EAST, NEW, "东西村"), (WEST, NEW, ""))
    assert plan.makes[NEW] == "东西村"
    assert sorted(plan.ways.values()) == [NEW, NEW, *(f"{NEW}{n:02d}" for n in (1, 2, 3, 4))]
    assert plan.faults == []


def test_village_split_off_begins_and_takes_the_groups_that_are_named() -> None:
    plan = planned(("", NEW, "新村"), (f"{EAST}02", f"{NEW}01", "一组"))
    assert plan.makes == {NEW: "新村", f"{NEW}01": "一组"}
    assert plan.ways == {f"{EAST}02": f"{NEW}01"}


def test_line_of_a_group_goes_before_that_of_its_village() -> None:
    plan = planned((EAST, NEW, "新村"), (f"{EAST}02", f"{WEST}03", ""))
    assert plan.ways == {EAST: NEW, f"{EAST}01": f"{NEW}01", f"{EAST}02": f"{WEST}03"}


def test_faults_stand_by_line_and_column() -> None:
    assert words(planned((EAST, WEST, ""), (EAST, NEW, ""))) == [f"3 old_code {EAST} 在文件里有两行，只能去一个地方"]
    assert words(planned(("430726201999", NEW, "")))[0] == "2 old_code 没有编码为 430726201999 的区划"
    assert words(planned((f"{EAST}01", f"{WEST}07", "")))[0].startswith(f"2 new_code {WEST}07 已经停用")
    assert "要同一级" in words(planned((EAST, f"{WEST}01", "")))[0]
    assert "只能在本县" in words(planned((EAST, "430727201201", "")))[0]
    assert "现在就叫" in words(planned((EAST, "", "东山村")))[0]
    assert f"上级 {NEW} 没有" in words(planned((f"{EAST}01", f"{NEW}01", "")))[0]
    assert "请分两次办" in words(planned((EAST, WEST, ""), (WEST, NEW, "")))[0]
    assert words(planned((f"{EAST}010001", f"{WEST}01", "甲")))[0] == "2 new_name 户没有名称，这一格请空着"
    assert words(planned(("", "", "甲")))[0] == "2 old_code 旧编码和新编码都空着"
    assert "要写名称" in words(planned(("", NEW, "")))[0]


def test_village_left_without_groups_is_told() -> None:
    plan = planned((f"{EAST}01", f"{WEST}08", ""), (f"{EAST}02", f"{WEST}09", ""))
    assert [hint.words[:11] for hint in plan.hints] == ["东山村的组都调走了，村"]


def test_households_keep_their_number_where_nobody_ever_had_it() -> None:
    plan = planned((f"{EAST}01", f"{WEST}01", ""), (f"{EAST}020001", f"{WEST}010009", ""))
    living = [f"{EAST}010001", f"{EAST}010009", f"{EAST}020001"]
    found = households_plan(plan, living, {f"{WEST}01": [1, 2, 30]})
    assert found.pairs == [
        (f"{EAST}010001", f"{WEST}010031"),
        (f"{EAST}010009", f"{WEST}010032"),
        (f"{EAST}020001", f"{WEST}010009"),
    ]
    assert found.faults == []


def test_number_that_somebody_had_and_household_that_is_none_are_refused() -> None:
    plan = planned((f"{EAST}010001", f"{WEST}010002", ""), (f"{EAST}010099", f"{WEST}01", ""))
    found = households_plan(plan, [f"{EAST}010001"], {f"{WEST}01": [2]})
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "old_code"), (2, "new_code")]


@given(
    living=st.sets(st.integers(1, 60), max_size=40),
    used=st.sets(st.integers(1, 60), max_size=40),
    single=st.sets(st.integers(1, 60), max_size=10),
)
def test_every_household_gets_one_code_that_was_never_given(living: set[int], used: set[int], single: set[int]) -> None:
    lines = [(f"{EAST}01{number:04d}", f"{WEST}03", "") for number in sorted(single & living)]
    plan = planned((f"{EAST}01", f"{WEST}01", ""), *lines)
    codes = [f"{EAST}01{number:04d}" for number in living]
    found = households_plan(plan, codes, {f"{WEST}01": used, f"{WEST}03": used})
    fresh = [new for _, new in found.pairs]
    assert [old for old, _ in found.pairs] == sorted(codes)
    assert len(set(fresh)) == len(fresh)
    assert not {int(new[14:]) for new in fresh} & used
    assert found.faults == []
