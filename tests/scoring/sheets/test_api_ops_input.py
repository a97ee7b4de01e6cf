"""Input that cannot be right: whole requests are a 400, single operations are refused by name, nothing is written."""

from uuid import uuid4

import pytest
from django.test import Client

from households.models import Operation
from households.roles import Role
from scoring.models import ScoreEvent
from scoring.sheets.ops import MAX_OPS
from tests.scoring.points.asking import Asker, add, asker, op
from tests.world import VILLAGE, World

FIRST = f"{VILLAGE}010001"
DEEP = "[" * 100_000


@pytest.fixture
def cadre(world: World) -> Asker:
    return asker(world, Role.CADRE)


def raw(cadre: Asker, body: bytes | str, content_type: str = "application/json") -> tuple[int, dict]:
    response = cadre.client.post(f"{cadre.url}ops/", body, content_type=content_type)
    return response.status_code, response.json()


def nothing_written() -> bool:
    return not ScoreEvent.objects.exists() and not Operation.objects.exists()


UNREADABLE = [
    [],
    "text",
    7,
    {},
    {"ops": None},
    {"ops": {}},
    {"ops": "add"},
    {"ops": [1]},
    {"ops": [[]]},
    {"ops": [None]},
    {"ops": [{}]},
    {"ops": [{"op_id": "7", "type": "add"}]},
    {"ops": [{"op_id": None}]},
    {"ops": [{"op_id": ["x"]}]},
    {"base_version": "new", "ops": []},
    {"base_version": -1, "ops": []},
    {"base_version": 2**40, "ops": []},
    {"base_version": True, "ops": []},
    {"base_version": [], "ops": []},
]


def test_request_that_cannot_be_read_is_400_and_says_where(cadre: Asker) -> None:
    answers = [cadre.post(body) for body in UNREADABLE]
    assert [body for body, answer in zip(UNREADABLE, answers, strict=True) if answer.status_code != 400] == []
    assert {frozenset(answer.json()) for answer in answers} == {frozenset({"code", "detail", "fields"})}
    assert nothing_written()


@pytest.mark.parametrize("body", ["", "{", "ops", DEEP, '{"ops": NaN}', b"\xff\xfe", b'{"ops": "\xd6\xd0"}'])
def test_body_that_is_no_json_is_400(cadre: Asker, body: bytes | str) -> None:
    status, answer = raw(cadre, body)
    assert status == 400
    assert answer["code"] in ("parse_error", "invalid")
    assert nothing_written()


def test_form_instead_of_json_is_415(cadre: Asker) -> None:
    assert raw(cadre, "ops=1", "application/x-www-form-urlencoded")[0] == 415


def test_too_many_operations_are_refused_as_a_whole(cadre: Asker) -> None:
    assert cadre.post({"ops": [add(FIRST) for _ in range(MAX_OPS + 1)]}).status_code == 400
    assert nothing_written()


def test_too_large_a_body_is_refused_unread(cadre: Asker) -> None:
    status, answer = raw(cadre, b'{"ops": ["' + b"x" * 6 * 1024 * 1024 + b'"]}')
    assert (status, answer["code"]) == (413, "too_large")
    assert "请分几次提交" in answer["detail"]


def test_no_operations_are_fine_and_change_nothing(cadre: Asker) -> None:
    assert cadre.send() == {"version": 0, "state": "open", "results": [], "events": []}


@pytest.mark.parametrize("kind", ["delete", "", None, 7, ["add"], {"add": 1}, "ADD"])
def test_unknown_type_is_refused_with_the_known_ones(cadre: Asker, kind: object) -> None:
    result = cadre.result({"op_id": str(uuid4()), "type": kind})
    assert (result["status"], result["code"]) == ("refused", "op_type_unknown")
    assert "withdraw" in result["reason"]


def test_note_of_ten_thousand_characters_is_refused_with_both_numbers(cadre: Asker) -> None:
    result = cadre.result(add(FIRST, note="长" * 10_000))
    assert (result["status"], result["fields"]) == ("refused", {"note": "太长"})
    assert result["reason"] == "说明最多 200 个字，现在有 10000 个。"
    assert not ScoreEvent.objects.exists()


def test_note_at_the_limit_is_kept_whole(cadre: Asker) -> None:
    cadre.record(FIRST, note="长" * 200)
    assert ScoreEvent.objects.get().note == "长" * 200


@pytest.mark.parametrize(("field", "longest"), [("document_no", 60), ("clause", 20)], ids=["document", "clause"])
def test_other_texts_have_limits_too(cadre: Asker, field: str, longest: int) -> None:
    result = cadre.result(add(FIRST) | {field: "文" * (longest + 1)})
    assert (result["status"], result["fields"]) == ("refused", {field: "太长"})


@pytest.mark.parametrize("field", ["note", "document_no", "clause"])
def test_control_characters_are_refused_by_field(cadre: Asker, field: str) -> None:
    signs = ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ud800"]
    results = cadre.results(*[add(FIRST) | {field: f"a{sign}b"} for sign in signs])
    assert [(result["status"], result["fields"]) for result in results] == [
        ("refused", {field: "有控制字符"}) for _ in signs
    ]


def test_lines_and_rare_signs_in_a_note_are_kept(cadre: Asker) -> None:
    note = "第一行\n第二行\t𠮷 <b>&amp; '"
    cadre.record(FIRST, note=note)
    assert cadre.read()["events"][0]["note"] == note


@pytest.mark.parametrize("field", ["note", "document_no", "clause", "date", "household"])
def test_wrong_type_is_refused_by_field(cadre: Asker, field: str) -> None:
    values = [7, 1.5, True, [], {}, ["x"], {"a": 1}]
    results = cadre.results(*[add(FIRST) | {field: value} for value in values])
    assert {result["status"] for result in results} == {"refused"}
    assert all(field in result["fields"] or field == "household" for result in results)
    assert not ScoreEvent.objects.exists()


@pytest.mark.parametrize(
    "code", ["1", "张三丰", "4307262012010100", "4307\x0026201201010001", "", None, FIRST + "0", "0" * 18]
)
def test_code_that_is_none_is_refused_with_a_reason(cadre: Asker, code: object) -> None:
    result = cadre.result(op("add", household=code, clause="WJ02", date="2024-05-20"))
    assert result["status"] == "refused"
    assert result["reason"]


def test_code_of_the_wrong_level_is_refused_by_field(cadre: Asker) -> None:
    household = cadre.result(op("add", household=VILLAGE, clause="WR13", date="2024-05-20"))
    division = cadre.result(op("add", division=FIRST, clause="WJ02", date="2024-05-20"))
    assert household["fields"] == {"household": "应为18 位户编号"}
    assert division["fields"] == {"division": "应为组、村的代码"}


@pytest.mark.parametrize("event", [None, "", "abc", -1, 1.5, True, [], "9" * 19, "9" * 3000, "１", "1 OR 1=1", 0])
def test_event_that_is_none_is_refused(cadre: Asker, event: object) -> None:
    result = cadre.result(op("withdraw", event=event, reason="x"))
    assert result["status"] == "refused"
    assert result["code"] in ("event_unreadable", "event_unknown")


def test_number_as_text_is_a_number(cadre: Asker) -> None:
    number = cadre.record(FIRST)
    assert cadre.status(op("withdraw", event=str(number), reason="记错了")) == "applied"


def test_unknown_fields_are_ignored(cadre: Asker) -> None:
    assert cadre.status(add(FIRST, points=99, kind="bonus", recorded_by=1)) == "applied"
    event = ScoreEvent.objects.get()
    assert (event.points, event.kind) == (5, "deduct")


def test_markup_in_a_note_reaches_the_page_as_data_only(cadre: Asker) -> None:
    cadre.record(FIRST, note="<script>alert(1)</script>")
    page = cadre.client.get(f"/village/sheet/{cadre.month}/").content.decode()
    assert "alert(1)" not in page


def test_request_without_a_body_is_400(cadre: Asker) -> None:
    answer = Client.post(cadre.client, f"{cadre.url}ops/", content_type="application/json")
    assert (answer.status_code, answer.json()["code"], nothing_written()) == (400, "invalid", True)
