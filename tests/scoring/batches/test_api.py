"""Another system writes many entries at once, all or none, and takes them back as one."""

from collections.abc import Callable
from uuid import uuid4

from households.models import AuditEvent
from households.roles import Role
from scoring.models import EntryBatch, ScoreEvent
from tests.scoring.batches.many import DEED, HOMES
from tests.world import DAY, MONTH, STRANGE, VILLAGE, World

LIST = f"/api/v1/sheets/{MONTH}/{VILLAGE}/batches/"
Body = dict[str, object]


def body(*codes: str, **more: object) -> Body:
    entries = [{"household": code, "clause": DEED, "date": DAY.isoformat()} for code in codes]
    return {"op_id": str(uuid4()), "entries": entries, **more}


def sender(world: World, role: Role = Role.CADRE) -> Callable[[str, Body], tuple[int, Body]]:
    client = world.client(role)

    def send(address: str, given: Body) -> tuple[int, Body]:
        answer = client.post(address, given, content_type="application/json")
        return answer.status_code, answer.json()

    return send


def test_many_are_written_once_listed_and_undone_as_one(world: World) -> None:
    send, given = sender(world), body(*HOMES[:3])
    status, answer = send(LIST, given)
    assert (status, answer["added"], answer["faults"]) == (201, 3, [])
    assert send(LIST, given) == (201, answer) and ScoreEvent.objects.count() == 3
    [told] = world.client(Role.CADRE).get(LIST).json()["batches"]
    assert told["id"] == answer["batch"] and len(told["added"]) == 3 and told["undone_at"] is None
    undo = {"op_id": str(uuid4())}
    status, undone = send(f"{LIST}{told['id']}/undo/", undo)
    assert (status, undone["withdrawn"]) == (200, 3)
    assert send(f"{LIST}{told['id']}/undo/", undo)[1] == undone
    assert not ScoreEvent.objects.standing().exists()
    assert AuditEvent.objects.filter(action="batch.undo").count() == 1


def test_one_that_cannot_be_written_leaves_nothing(world: World) -> None:
    send = sender(world)
    assert send(LIST, body(HOMES[0], f"{VILLAGE}019999"))[0] == 409
    assert not ScoreEvent.objects.exists() and not EntryBatch.objects.exists()


def test_rehearsal_says_which_would_be_refused_and_writes_nothing(world: World) -> None:
    status, answer = sender(world)(LIST, body(HOMES[0], f"{VILLAGE}019999", rehearse=True))
    assert (status, answer["batch"], answer["added"]) == (200, None, 1)
    assert [fault["entry"] for fault in answer["faults"]] == [1]  # type: ignore[attr-defined]
    assert not ScoreEvent.objects.exists()


def test_entry_names_one_place_and_the_batch_somebody(world: World) -> None:
    send = sender(world)
    both, none = body(HOMES[0]), body(HOMES[0])
    both["entries"][0]["division"] = VILLAGE  # type: ignore[index]
    del none["entries"][0]["household"]  # type: ignore[attr-defined]
    assert [send(LIST, given)[0] for given in (both, none, body())] == [400, 400, 400]


def test_place_and_batch_outside_the_scope_are_not_there(world: World) -> None:
    send = sender(world)
    assert send(f"/api/v1/sheets/{MONTH}/{STRANGE}/batches/", body(f"{STRANGE}010001"))[0] == 404
    number = send(LIST, body(HOMES[0]))[1]["batch"]
    assert sender(world, Role.SUPERVISOR)(LIST, body(HOMES[1]))[0] == 403
    assert send(f"{LIST}{int(str(number)) + 1}/undo/", {"op_id": str(uuid4())})[0] == 404
    assert ScoreEvent.objects.standing().count() == 1
