"""Operations as a client sends them: what is read from JSON, what is refused by field, and what is answered."""

from datetime import date
from uuid import UUID

import pytest

from households.refusals import Refused
from scoring.sheets.ops import MAX_OPS, OpOutcome, OpType, Status, read_op

ID = "0b2a4e0e-6f7d-4c58-9d8c-0a4c5a0e7a11"
HOUSEHOLD, GROUP = "430525103201070012", "43052510320107"
ADD = {"op_id": ID, "type": "add", "household": HOUSEHOLD, "clause": "WJ01", "date": "2026-10-05"}


def refusal(**changes: object) -> Refused:
    with pytest.raises(Refused) as caught:
        read_op(ADD | changes)
    return caught.value


def test_entry_is_read_whole() -> None:
    raw = ADD | {"document_no": " 洞罚〔2026〕7号 ", "note": "当面提醒"}
    op = read_op(raw)
    assert (op.op_id, op.type, op.code, op.clause, op.day) == (
        UUID(ID),
        OpType.ADD,
        HOUSEHOLD,
        "WJ01",
        date(2026, 10, 5),
    )
    assert (op.document_no, op.note, op.event, op.reason, op.raw) == ("洞罚〔2026〕7号", "当面提醒", None, "", raw)


def test_entry_needs_no_document_and_no_note() -> None:
    op = read_op(ADD)
    assert (op.document_no, op.note) == ("", "")


def test_entry_about_a_division_names_it() -> None:
    assert read_op(ADD | {"household": "", "division": "430525 103201 07"}).code == GROUP


@pytest.mark.parametrize("kind", ["withdraw", "confirm"])
@pytest.mark.parametrize("event", [7, "7"])
def test_step_about_an_event_names_it(kind: str, event: object) -> None:
    op = read_op({"op_id": ID, "type": kind, "event": event, "reason": "记错了"})
    assert (op.type.value, op.event, op.reason, op.code) == (kind, 7, "记错了", "")


@pytest.mark.parametrize("kind", ["declare", "undeclare"])
def test_step_of_the_sheet_has_a_reason_at_most(kind: str) -> None:
    op = read_op({"op_id": ID, "type": kind, "reason": "漏了一户", "event": 7})
    assert (op.type.value, op.reason, op.event) == (kind, "漏了一户", None)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"op_id": "7"}, "op_id_unreadable", "op_id"),
        ({"type": "remove"}, "op_type_unknown", "type"),
        ({"household": ""}, "place_missing", "household"),
        ({"household": "43052510320107001A"}, "place_unreadable", "household"),
        ({"household": GROUP}, "place_level", "household"),
        ({"household": "", "division": HOUSEHOLD}, "place_level", "division"),
        ({"household": "", "division": "43"}, "place_unreadable", "division"),
        ({"date": "2026-02-30"}, "date_unreadable", "date"),
        ({"date": "20261005"}, "date_unreadable", "date"),
        ({"date": None}, "date_unreadable", "date"),
        ({"clause": 7}, "clause_unreadable", "clause"),
        ({"note": "甲\u202e乙"}, "note_control", "note"),
        ({"type": "withdraw"}, "event_unreadable", "event"),
        ({"type": "withdraw", "event": True}, "event_unreadable", "event"),
        ({"type": "confirm", "event": "1" * 19}, "event_unreadable", "event"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_field(changes: dict[str, object], code: str, field: str) -> None:
    found = refusal(**changes)
    assert (found.code, list(found.fields)) == (code, [field])


@pytest.mark.parametrize(("field", "longest"), [("clause", 20), ("document_no", 60), ("note", 200), ("household", 40)])
def test_text_may_be_as_long_as_its_limit(field: str, longest: int) -> None:
    found = refusal(**{field: "9" * (longest + 1)})
    assert found.code == f"{field}_too_long"
    assert f"最多 {longest} 个字，现在有 {longest + 1} 个" in found.sentence
    if field == "household":
        assert refusal(household="9" * longest).code == "place_unreadable"
    else:
        assert read_op(ADD | {field: "9" * longest})


@pytest.mark.parametrize("kind", ["withdraw", "declare"])
def test_reason_has_a_limit_too(kind: str) -> None:
    assert read_op(ADD | {"type": kind, "event": "1" * 18, "reason": "因" * 200}).reason == "因" * 200
    assert refusal(type=kind, event=1, reason="因" * 201).code == "reason_too_long"


def test_stranger_level_is_told_what_is_wanted() -> None:
    assert refusal(household=GROUP).sentence == f"{GROUP} 不是18 位户编号。"
    assert refusal(household="", division=HOUSEHOLD).sentence == f"{HOUSEHOLD} 不是组、村的代码。"


def test_outcome_is_told_as_plain_values() -> None:
    told = OpOutcome.refused(UUID(ID), Refused("locked", "已经锁定。", fields={"date": "太晚"})).as_dict()
    assert told == {
        "op_id": ID,
        "status": "refused",
        "reason": "已经锁定。",
        "event": None,
        "code": "locked",
        "fields": {"date": "太晚"},
    }


@pytest.mark.parametrize(
    ("before", "again"), [("applied", Status.EXISTS), ("refused", Status.REFUSED), ("conflict", Status.CONFLICT)]
)
def test_operation_that_comes_again_gets_its_first_answer(before: str, again: Status) -> None:
    answer = {"status": before, "reason": "锁定", "event": 7, "code": "locked", "fields": {"date": "太晚"}}
    assert OpOutcome.repeated(UUID(ID), answer) == OpOutcome(UUID(ID), again, "锁定", 7, "locked", {"date": "太晚"})


def test_answer_of_older_days_had_no_code_and_no_fields() -> None:
    found = OpOutcome.repeated(UUID(ID), {"status": "applied", "reason": "", "event": None})
    assert (found.code, found.fields) == ("", {})


def test_bundle_has_a_limit() -> None:
    assert MAX_OPS == 500
