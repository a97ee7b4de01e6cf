"""The page's own reckoning, tried in a browser without a page: search, lamps, counts, what changed."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.browser

VILLAGE = "430726201201"
ZEROS = ["illegal_building", "pollution", "petition", "crime", "discipline", "accident"]
FOUND = "(sheet, words) => sheet.search(words).map((code) => sheet.name(code))"


def household(group: int, number: int, name: str, initials: str) -> dict:
    return {"code": f"{VILLAGE}{group:02d}{number:04d}", "name": name, "initials": initials}


HOUSEHOLDS = [
    household(1, 1, "张三丰", "zsf"),
    household(1, 2, "李四光", "lsg"),
    household(1, 12, "张三", "zs"),
    household(2, 12, "欧阳九州", "oyjz"),
    household(2, 120, "单七星", "sqx"),
]
FIRST = HOUSEHOLDS[0]["code"]


def event(number: int, code: str, zero: str = "illegal_building", **more: object) -> dict:
    return {
        "id": number,
        "op_id": f"op-{number}",
        "code": code,
        "clause": "WJ02",
        "indicator": zero,
        "kind": "deduct",
        "points": 5,
        "state": "confirmed",
        "withdraw_reason": "",
        "recorded_by": {"name": "李组长"},
    } | more


def sheet_data(*events: dict, state: str = "open") -> dict:
    zeros = [{"code": zero, "name": f"零{zero}", "clauses": []} for zero in ZEROS]
    groups = [{"code": VILLAGE, "name": "东山村"}] + [{"code": f"{VILLAGE}0{n}", "name": f"第{n}组"} for n in (1, 2)]
    lock = "" if state == "open" else "锁了。"
    return {
        "state": state,
        "lock_reason": lock,
        "scheme": {"indicators": zeros},
        "groups": groups,
        "households": HOUSEHOLDS,
        "events": list(events),
    }


@pytest.fixture
def reckon(browser_page: Callable) -> Callable:
    """Call a function of (sheet, argument, module) on a sheet made of `data`."""
    page = browser_page(360)
    page.goto("/healthz")  # of the site, and next to nothing to draw

    def call(function: str, data: dict, argument: object = None) -> object:
        body = f"""async ([data, argument]) => {{
          const model = await import("/static/js/scoring/sheets/model.js");
          return ({function})(new model.Sheet(data), argument, model);
        }}"""
        return page.evaluate(body, [data, argument])

    return call


def test_search_finds_by_name_initials_and_number(reckon: Callable) -> None:
    expected = {
        "张三": ["张三", "张三丰"],
        "四": ["李四光"],
        "zs": ["张三", "张三丰"],
        "ZSF": ["张三丰"],
        "z's'f": ["张三丰"],
        "ｚｓｆ": ["张三丰"],
        "李 四\u200b光": ["李四光"],
        "１－１２": ["张三"],
        "jz": ["欧阳九州"],
        "12": ["张三", "欧阳九州"],
        "0012": ["张三", "欧阳九州"],
        "2组12": ["欧阳九州"],
        "2组12号": ["欧阳九州"],
        "1-12": ["张三"],
        "020120": ["单七星"],
        FIRST: ["张三丰"],
        " 李 四 ": ["李四光"],
        "没有的人": [],
        "9999": [],
        "": [],
        "(": [],
    }
    found = {words: reckon(FOUND, sheet_data(), words) for words in expected}
    assert found == expected


@pytest.mark.parametrize("dot", ["·", "•", "・", "．", " ", ""])
def test_search_finds_a_name_with_a_dot_typed_in_full(reckon: Callable, dot: str) -> None:
    data = sheet_data() | {"households": [*HOUSEHOLDS, household(2, 121, "阿卜杜拉·买买提", "abdlmmt")]}
    assert reckon(FOUND, data, f"阿卜杜拉{dot}买买提") == ["阿卜杜拉·买买提"]


def test_lamps_say_what_stands(reckon: Callable) -> None:
    events = [
        event(1, FIRST),
        event(2, FIRST, "pollution", kind="remind", points=0),
        event(3, FIRST, "petition", state="pending"),
        event(4, FIRST, "crime", kind="bonus"),
        event(5, FIRST, "discipline", state="withdrawn"),
    ]
    lamps = "(sheet, code) => sheet.zeros.map((zero) => sheet.lamp(code, zero).state)"
    open_sheet = reckon(lamps, sheet_data(*events), FIRST)
    assert open_sheet == ["broken", "reminded", "pending", "bonus", "grey", "grey"]
    assert reckon(lamps, sheet_data(*events, state="declared"), FIRST)[4:] == ["kept", "kept"]
    assert reckon(lamps, sheet_data(state="declared"), VILLAGE) == ["none"] * 6


def test_deduction_outweighs_what_else_stands_on_the_lamp(reckon: Callable) -> None:
    events = [event(1, FIRST, kind="bonus"), event(2, FIRST, state="pending"), event(3, FIRST, kind="remind")]
    lamp = "(sheet, code) => sheet.lamp(code, sheet.zeros[0])"
    assert reckon(lamp, sheet_data(*events), FIRST)["state"] == "pending"
    told = reckon(lamp, sheet_data(*events, event(4, FIRST)), FIRST)
    assert (told["state"], told["count"], told["mark"], told["words"]) == ("broken", 4, "✕", "没有守住")


def test_counts_leave_out_withdrawn_events_and_divisions(reckon: Callable) -> None:
    events = [
        event(1, FIRST),
        event(2, FIRST, "crime"),
        event(3, HOUSEHOLDS[1]["code"], state="withdrawn"),
        event(4, VILLAGE),
        event(5, f"{VILLAGE}019999"),
    ]
    counts = reckon("(sheet) => sheet.counts()", sheet_data(*events))
    assert counts == {"events": 4, "households": 5, "exceptions": 1, "sixZero": 4}


def test_event_as_the_server_has_it_replaces_what_was_known(reckon: Callable) -> None:
    function = "(sheet, event) => { sheet.put(event); return sheet.of(event.code).map((each) => each.state); }"
    known = sheet_data(event(1, FIRST), event(2, FIRST))
    assert reckon(function, known, event(1, FIRST, state="withdrawn")) == ["withdrawn", "confirmed"]


def told(reckon: Callable, before: list[dict], after: dict, own: list[object] | None = None) -> list[str]:
    function = "(sheet, [before, after, own], model) => model.changes(before, after, new Set(own))"
    return reckon(function, sheet_data(), [{"events": before, "state": "open"}, after, own or []])


def test_changes_of_others_are_told_in_sentences(reckon: Callable) -> None:
    before = [event(1, FIRST), event(2, FIRST, state="pending")]
    withdrawn = event(1, FIRST, state="withdrawn", withdraw_reason="记错了")
    after = sheet_data(withdrawn, event(2, FIRST), event(3, HOUSEHOLDS[1]["code"], "crime"))
    assert told(reckon, before, after) == [
        "张三丰的零illegal_building被撤回（记错了）",
        "张三丰的零illegal_building已有第二人确认",
        "李组长登记了李四光的零crime",
    ]


def test_own_changes_and_nothing_are_not_told(reckon: Callable) -> None:
    assert told(reckon, [event(1, FIRST)], sheet_data(event(1, FIRST))) == []
    assert told(reckon, [], sheet_data(event(1, FIRST), event(2, FIRST)), ["op-1", 2]) == []


def test_change_of_state_is_told(reckon: Callable) -> None:
    assert told(reckon, [], sheet_data(state="declared")) == ["锁了"]


def test_household_that_left_keeps_its_events_in_sight(reckon: Callable) -> None:
    gone = f"{VILLAGE}019999"
    function = "(sheet) => sheet.exceptional().map((code) => sheet.name(code))"
    assert reckon(function, sheet_data(event(1, gone), event(2, VILLAGE))) == [
        "全村（东山村）",
        f"{gone}（本月不在册）",
    ]
