"""The orders in which what was done without a line arrives, named as ODK names them; what comes too early is held, then forced."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from households.models import AuditEvent, Operation
from households.roles import Role
from scoring.models import ScoreEvent, Sheet
from scoring.sheets.actions.forcing import force_overdue
from scoring.sheets.actions.holding import HOLD
from scoring.tasks import advance_county
from tests.scoring.points.asking import Asker, Json, add, asker, op
from tests.world import COUNTY, DAY, VILLAGE, World

CODES = [f"{VILLAGE}01000{number}" for number in range(1, 5)]


def chain(*codes: str) -> list[Json]:
    """An entry for each household, each following the one before it on its device."""
    made: list[Json] = []
    for code in codes:
        made.append(add(code, **({"after": made[-1]["op_id"]} if made else {})))
    return made


def standing() -> list[str]:
    return sorted(ScoreEvent.objects.standing().values_list("code", flat=True))


def held() -> list[Any]:
    return list(Sheet.objects.get(village=VILLAGE).held)


def statuses(cadre: Asker, *ops: Json, base: int | None = 0) -> list[object]:
    return [result["status"] for result in cadre.results(*ops, base=base)]


def age(days: int) -> None:
    """What is held has been for so many days more."""
    sheet = Sheet.objects.get(village=VILLAGE)
    for one in sheet.held:
        one["since"] = (datetime.fromisoformat(one["since"]) - timedelta(days=days)).isoformat()
    sheet.save(update_fields=["held"])


def test_in_order(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    assert [statuses(cadre, one) for one in chain(*CODES[:3])] == [["applied"]] * 3
    assert (standing(), held()) == (CODES[:3], [])


def test_interrupted(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), chain(*CODES[:3])
    assert statuses(cadre, *sent[:2]) == ["applied"] * 2  # and nobody heard it
    assert statuses(cadre, *sent) == ["exists", "exists", "applied"]
    assert standing() == CODES[:3]


def test_what_comes_early_is_read_before_it_is_held(world: World) -> None:
    """Nothing lies with the sheet that no operation says, whatever signs it is made of."""
    cadre, [first, second] = asker(world, Role.CADRE), chain(*CODES[:2])
    unread = {"division": "\x00", "event": ["\x00"], "\x00": "\x00" * 1000}
    assert statuses(cadre, second | {"clause": "\x00"}) == ["refused"]
    assert statuses(cadre, second | unread) == ["held"]
    assert held()[0]["raw"].keys() == second.keys() - {"after"}
    assert statuses(cadre, first) + statuses(cadre, second | unread) == ["applied", "exists"]
    assert standing() == CODES[:2]


def test_backwards(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), chain(*CODES[:3])
    assert [statuses(cadre, one) for one in reversed(sent)] == [["held"], ["held"], ["applied"]]
    assert (standing(), held()) == (CODES[:3], [])
    assert statuses(cadre, *sent) == ["exists"] * 3


def test_missing_middle(world: World) -> None:
    cadre, (first, middle, last) = asker(world, Role.CADRE), chain(*CODES[:3])
    assert statuses(cadre, first, last) == ["applied", "held"]
    assert (standing(), statuses(cadre, last)) == (CODES[:1], ["held"])
    answer = cadre.send(middle, base=0)
    assert (answer["version"], standing(), held()) == (3, CODES[:3], [])


def test_soft_conflict_merges_silently(world: World) -> None:
    asker(world, Role.GROUP_LEADER).send(add(CODES[0]), base=0)
    assert statuses(asker(world, Role.CADRE), add(CODES[1]), add(CODES[0], "WR02")) == ["applied"] * 2


def test_hard_conflict_of_another_day_names_who_and_when(world: World) -> None:
    other = (DAY + timedelta(days=1)).isoformat()
    asker(world, Role.GROUP_LEADER).send(add(CODES[0]) | {"date": other}, base=0)
    cadre, mine = asker(world, Role.CADRE), add(CODES[0])
    result = cadre.result(mine, base=0)
    assert (result["status"], result["code"], result["event"]) == ("conflict", "raced", ScoreEvent.objects.get().pk)
    assert f"{DAY.month}月{DAY.day + 1}日的这一条，请看过以后选一个" in result["reason"]
    assert statuses(cadre, add(CODES[0]), base=1) == ["applied"]


def test_own_entries_of_other_days_are_no_conflict(world: World) -> None:
    cadre, other = asker(world, Role.CADRE), (DAY + timedelta(days=1)).isoformat()
    assert statuses(cadre, add(CODES[0])) == ["applied"]
    assert statuses(cadre, add(CODES[0]) | {"date": other}) == ["applied"]


def test_hard_conflict_with_a_sheet_signed_for_meanwhile(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("declare"))
    seen = cadre.read()["version"]
    unseen, known = cadre.result(add(CODES[0]), base=0), cadre.result(add(CODES[1]), base=seen)
    assert [(one["status"], one["code"]) for one in (unseen, known)] == [
        ("conflict", "sheet_locked"),
        ("refused", "sheet_locked"),
    ]


def test_create_raced_by_update(world: World) -> None:
    cadre, entry = asker(world, Role.CADRE), add(CODES[0])
    update = op("withdraw", of=entry["op_id"], reason="记错了户")
    assert statuses(cadre, update) == ["held"]
    assert statuses(cadre, entry) == ["applied"]
    event = ScoreEvent.objects.get()
    assert (event.withdraw_reason, standing(), held()) == ("记错了户", [], [])


def test_create_and_update_in_one_request(world: World) -> None:
    cadre, entry = asker(world, Role.CADRE), add(CODES[0])
    assert statuses(cadre, entry, op("withdraw", of=entry["op_id"], reason="记错了户")) == ["applied"] * 2
    assert standing() == []


def test_held_for_five_days_is_forced_with_an_audit_line(world: World) -> None:
    cadre, missing = asker(world, Role.CADRE), str(uuid4())
    sent = add(CODES[0], after=missing)
    assert statuses(cadre, sent) == ["held"]
    age(HOLD.days - 1)
    assert (force_overdue(), standing()) == (0, [])
    age(1)
    advance_county(COUNTY)
    assert (standing(), held()) == (CODES[:1], [])
    line = AuditEvent.objects.get(action="sheet.force")
    assert (line.place, line.detail) == (VILLAGE, {"op": sent["op_id"], "awaits": missing})
    assert ScoreEvent.objects.get().recorded_by == world.user(Role.CADRE)
    assert statuses(cadre, sent) == ["exists"]


def test_update_forced_without_its_create_is_refused(world: World) -> None:
    cadre, entry = asker(world, Role.CADRE), add(CODES[0])
    update = op("withdraw", of=entry["op_id"], reason="记错了户")
    cadre.send(update, base=0)
    age(HOLD.days)
    assert force_overdue() == 1
    assert cadre.result(update)["code"] == "event_unknown"
    assert statuses(cadre, entry) == ["applied"]


def test_held_operation_of_another_account_is_not_taken_over(world: World) -> None:
    sent = add(CODES[0], after=str(uuid4()))
    assert statuses(asker(world, Role.CADRE), sent) == ["held"]
    other = asker(world, Role.GROUP_LEADER).result(sent, base=0)
    assert (other["status"], other["code"]) == ("refused", "op_id_reused")
    assert [one["by"] for one in held()] == [world.user(Role.CADRE).pk]


def test_held_operation_keeps_its_author_when_somebody_else_brings_the_one_before(world: World) -> None:
    first = add(CODES[0])
    second = add(CODES[1], after=first["op_id"])
    assert statuses(asker(world, Role.CADRE), second) == ["held"]
    asker(world, Role.TOWNSHIP).send(first, base=0)
    assert ScoreEvent.objects.get(code=CODES[1]).recorded_by == world.user(Role.CADRE)


def test_what_is_held_uses_no_id_up_and_writes_nothing(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    version = cadre.send(add(CODES[0], after=str(uuid4())), base=0)["version"]
    assert (version, Operation.objects.filter(kind="sheet").exists(), standing()) == (0, False, [])


def test_one_that_follows_something_unreadable_is_refused(world: World) -> None:
    result = asker(world, Role.CADRE).result(add(CODES[0], after="yesterday"))
    assert (result["status"], result["code"], held()) == ("refused", "after_unreadable", [])
