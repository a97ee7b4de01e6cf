"""One clause for many households, and lines out of a spreadsheet: shown first, written as one, undone as one."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.plates.actions.plates import issue_plate
from households.roles import Role
from scoring.batches.actions import record_many, undo
from scoring.models import EntryBatch, ScoreEvent
from tests.audit_failure import audit_down
from tests.constraints import broken
from tests.refusals import refused
from tests.scoring.batches.many import DEED, HOMES, recorded, wanted
from tests.world import DAY, MONTH, VILLAGE, World

MANY = reverse("record-one-clause", args=[MONTH])
PASTE = reverse("paste-rows", args=[MONTH])


def standing() -> list[str]:
    return sorted(ScoreEvent.objects.standing().values_list("code", flat=True))


def form(client: Client, page: str, **given: object) -> dict[str, object]:
    found = re.search(r'name="op_id" value="([^"]+)"', client.get(page).content.decode())
    assert found
    return {"op_id": found[1], "clause": DEED, "date": str(DAY), "document_no": "", "note": "清沟护河", **given}


def test_list_is_shown_first_then_written_then_undone_as_one(world: World) -> None:
    client = world.client(Role.CADRE)
    plate, _ = issue_plate(household=world.households[4], by=None)
    listed = f"张三丰\n1-2\n不认识的人\nhttps://x.example/h/{plate.token}/"
    given = form(client, MANY, listed=listed, groups=[f"{VILLAGE}02"])
    shown = client.post(MANY, given).content.decode()
    assert "会登记 6 条" in shown and "不认识的人" in shown and not ScoreEvent.objects.exists()
    ticked = re.findall(r'name="household" value="([0-9]{18})"', shown)
    answer = client.post(MANY, {**given, "household": ticked[:5], "write": "1"})
    batch = EntryBatch.objects.get()
    assert answer["Location"] == reverse("batch", args=[MONTH, batch.pk]) and standing() == sorted(ticked[:5])
    assert "已登记 5 条" in client.get(answer["Location"]).content.decode()
    client.post(reverse("batch-undo", args=[MONTH, batch.pk]), {"op_id": str(uuid4())})
    assert standing() == []
    assert "已整批撤回" in client.get(reverse("batches", args=[MONTH])).content.decode()


def test_what_stands_already_is_named_before_anything_is_written(world: World) -> None:
    world.record(HOMES[0], DEED)
    client = world.client(Role.CADRE)
    shown = client.post(MANY, form(client, MANY, listed="张三丰\n李四光")).content.decode()
    assert "会登记 1 条" in shown and "已经登记过同一天的这一条" in shown


def test_one_fault_leaves_the_whole_batch_unwritten(world: World) -> None:
    world.record(HOMES[0], DEED)
    refused("batch_refused", lambda: recorded(world, HOMES[1], HOMES[0]))
    assert standing() == [HOMES[0]] and not EntryBatch.objects.exists()


def test_same_batch_sent_twice_is_written_once(world: World) -> None:
    batch, by = wanted(world, *HOMES[:3]), world.user(Role.CADRE)
    assert record_many(batch, by=by) == record_many(batch, by=by)
    assert standing() == HOMES[:3]


def test_leader_writes_and_undoes_within_the_group_alone(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    refused("batch_refused", lambda: recorded(world, f"{VILLAGE}020001", by=leader))
    answer = recorded(world, *HOMES[:2], by=leader)
    refused("batch_unknown", lambda: undo(op_id=uuid4(), batch=answer["batch"], by=world.stranger(Role.CADRE)))
    client = world.client(leader)
    page = reverse("batch", args=[MONTH, answer["batch"]])
    assert "李四光" in client.get(page).content.decode()
    client.post(reverse("batch-undo", args=[MONTH, answer["batch"]]), {"op_id": str(uuid4())})
    assert standing() == []


def test_signed_month_keeps_the_batch(world: World) -> None:
    answer = recorded(world, HOMES[0])
    world.declare(world.village)
    refused("not_undone", lambda: undo(op_id=uuid4(), batch=answer["batch"], by=world.user(Role.CADRE)))
    assert standing() == [HOMES[0]]


def test_batch_is_undone_once(world: World) -> None:
    answer, by = recorded(world, HOMES[0]), world.user(Role.CADRE)
    undo(op_id=uuid4(), batch=answer["batch"], by=by)
    refused("undone", lambda: undo(op_id=uuid4(), batch=answer["batch"], by=by))


def test_nothing_is_written_without_the_log(world: World) -> None:
    with audit_down(after=1):
        recorded(world, HOMES[0])
    assert not ScoreEvent.objects.exists() and not EntryBatch.objects.exists()


def test_pasted_lines_are_read_shown_and_written(world: World) -> None:
    client = world.client(Role.CADRE)
    lines = ["户\t日期\t条款\t文书号\t说明", f"李四光\t{DAY}\t{DEED.lower()}\t\t清沟", f"1-3\t{DAY}\tWR02"]
    rows = "\n".join([*lines, f"无此人\t{DAY}\t{DEED}", f"1-1\t2024-04-30\t{DEED}"])
    given = form(client, PASTE, rows=rows)
    shown = client.post(PASTE, given).content.decode()
    assert "会登记 2 条" in shown and "没有找到这一户" in shown and "不在2024年4月" not in shown and "不在" in shown
    client.post(PASTE, {**given, "write": "1"})
    assert standing() == [HOMES[1], HOMES[2]]
    assert ScoreEvent.objects.get(code=HOMES[1]).note == "清沟"


def test_sheet_leads_to_it(world: World) -> None:
    assert reverse("batches", args=[MONTH]) in world.client(Role.CADRE).get(f"/village/sheet/{MONTH}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_batch_page_asks_the_same_number_of_queries(
    world: World, count: int, django_assert_num_queries: object
) -> None:
    answer = recorded(world, *HOMES[:count])
    client, page = world.client(Role.CADRE), reverse("batch", args=[MONTH, answer["batch"]])
    client.get(page)
    with django_assert_num_queries(6):
        assert client.get(page).content.decode().count('class="card card-body mb-2"') == count


def test_database_keeps_what_a_batch_did(world: World) -> None:
    recorded(world, HOMES[0])
    broken(lambda: EntryBatch.objects.update(added=[]), "never edited")
    broken(EntryBatch.objects.all().delete, "append-only")
