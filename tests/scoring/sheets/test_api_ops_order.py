"""The orders in which operations can arrive: in order, repeated, backwards, with one missing, raced by somebody else."""

from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import Operation
from households.roles import Role
from scoring.models import ScoreEvent, Sheet
from tests.scoring.points.asking import Asker, add, asker, op, withdraw
from tests.world import VILLAGE, World

CODES = [f"{VILLAGE}0{group}000{n}" for group, last in ((1, 5), (2, 3)) for n in range(1, last + 1)]
FIRST, SECOND, THIRD = CODES[:3]


def standing() -> list[tuple[str, str]]:
    return sorted(ScoreEvent.objects.standing().values_list("code", "clause__code"))


def test_in_order_every_operation_raises_the_version(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    versions = [cadre.send(add(code), base=base)["version"] for base, code in enumerate(CODES[:3])]
    assert versions == [1, 2, 3]


def test_repeated_operation_exists_with_the_same_event(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    first, second = cadre.send(sent, base=0), cadre.send(sent, base=0)
    assert second["results"][0] == first["results"][0] | {"status": "exists"}
    assert (second["version"], second["events"], ScoreEvent.objects.count()) == (1, [], 1)


def test_repeated_refusal_stays_a_refusal_though_it_would_be_possible_now(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    cadre.send(op("declare"))
    refused = cadre.result(sent)
    cadre.send(op("undeclare", reason="漏了"))
    assert cadre.result(sent) == refused
    assert not ScoreEvent.objects.exists()


def test_repeated_declaration_exists_and_signs_once(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), op("declare")
    assert [cadre.status(sent, base=0), cadre.status(sent, base=0)] == ["applied", "exists"]
    assert Sheet.objects.get(village=VILLAGE).declarations.count() == 1


def test_same_operation_twice_in_one_request_is_written_once(world: World) -> None:
    sent = add(FIRST)
    assert [r["status"] for r in asker(world, Role.CADRE).results(sent, sent)] == ["applied", "exists"]
    assert ScoreEvent.objects.count() == 1


def test_id_with_other_contents_is_refused_whenever_it_comes(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    other = add(SECOND) | {"op_id": sent["op_id"]}
    assert [r["code"] for r in cadre.results(sent, other)] == ["", "op_id_reused"]
    assert cadre.result(other)["code"] == "op_id_reused"
    assert standing() == [(FIRST, "WJ02")]


def test_id_of_another_person_is_refused_and_tells_nothing(world: World) -> None:
    sent = add(FIRST)
    asker(world, Role.CADRE).send(sent)
    result = asker(world, Role.TOWNSHIP).result(sent)
    assert (result["status"], result["code"], result["event"]) == ("refused", "op_id_reused", None)


def test_id_used_for_another_sheet_is_refused(world: World) -> None:
    sent = add(FIRST)
    asker(world, Role.CADRE).send(sent)
    again = asker(world, Role.CADRE, month="2024-04").result(sent | {"date": "2024-04-20"})
    assert (again["status"], again["code"]) == ("refused", "op_id_reused")


def test_backwards_arrival_gives_the_same_sheet(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    for base, code in ((2, THIRD), (1, SECOND), (0, FIRST)):
        answer = cadre.post({"base_version": base if base == 0 else None, "ops": [add(code)]}).json()
        assert answer["results"][0]["status"] == "applied"
    assert standing() == [(code, "WJ02") for code in (FIRST, SECOND, THIRD)]


def test_missing_middle_arrives_last_and_is_taken(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    first, middle, last = (add(code) for code in (FIRST, SECOND, THIRD))
    cadre.send(first, last, base=0)
    assert cadre.status(middle, base=0) == "applied"
    assert [r["status"] for r in cadre.results(first, middle, last, base=0)] == ["exists"] * 3


def test_version_that_never_was_is_answered_409_and_nothing_is_written(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    response = cadre.post({"base_version": 5, "ops": [sent]})
    assert (response.status_code, response.json()["code"]) == (409, "version_unknown")
    assert not Operation.objects.exists()
    assert cadre.status(sent, base=0) == "applied"  # the id was not used up


def test_raced_by_another_for_the_same_fact_is_a_conflict_that_names_him(world: World) -> None:
    asker(world, Role.GROUP_LEADER).send(add(FIRST), base=0)
    result = asker(world, Role.CADRE).result(add(FIRST), base=0)
    assert (result["status"], result["code"]) == ("conflict", "twin")
    assert result["reason"] == "组长（网格长甲刚刚登记过同一天的这一条，没有重复登记。"
    assert result["event"] == ScoreEvent.objects.get().pk


def test_raced_by_oneself_on_another_phone_says_so(world: World) -> None:
    asker(world, Role.CADRE).send(add(FIRST), base=0)
    assert asker(world, Role.CADRE).result(add(FIRST), base=0)["reason"].startswith("您刚刚登记过")


def test_raced_for_something_else_is_merged(world: World) -> None:
    asker(world, Role.GROUP_LEADER).send(add(FIRST), base=0)
    cadre = asker(world, Role.CADRE)
    assert [r["status"] for r in cadre.results(add(FIRST, "WR02"), add(SECOND), base=0)] == ["applied", "applied"]


def test_same_fact_that_was_seen_is_recorded_again_when_it_is_meant(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    version = cadre.send(add(FIRST), base=0)["version"]
    assert cadre.status(add(FIRST), base=version) == "conflict"
    assert cadre.status(add(FIRST, again=True), base=version) == "applied"
    assert ScoreEvent.objects.count() == 2


def test_same_fact_after_its_withdrawal_is_no_conflict(world: World) -> None:
    leader = asker(world, Role.GROUP_LEADER)
    leader.send(withdraw(leader.record(FIRST)))
    assert asker(world, Role.CADRE).status(add(FIRST), base=0) == "applied"


def test_declaration_over_numbers_that_moved_is_a_conflict(world: World) -> None:
    asker(world, Role.GROUP_LEADER).send(add(FIRST), base=0)
    cadre = asker(world, Role.CADRE)
    result = cadre.result(op("declare"), base=0)
    assert (result["status"], result["code"]) == ("conflict", "moved")
    assert "核对最新的例外" in result["reason"]
    assert cadre.status(op("declare"), base=1) == "applied"


def test_withdrawal_raced_by_another_is_a_conflict(world: World) -> None:
    number = asker(world, Role.GROUP_LEADER).record(FIRST)
    asker(world, Role.GROUP_LEADER).send(withdraw(number))
    result = asker(world, Role.CADRE).result(withdraw(number), base=1)
    assert (result["status"], result["reason"]) == ("conflict", "这一条已经被撤回。")


def test_client_that_claims_no_version_is_told_of_the_twin_all_the_same(world: World) -> None:
    asker(world, Role.GROUP_LEADER).send(add(FIRST))
    cadre = asker(world, Role.CADRE)
    assert [cadre.status(add(FIRST)), cadre.status(add(FIRST, again=True))] == ["conflict", "applied"]


def deliver(cadre: Asker, ops: list[dict], arrivals: list[int]) -> None:
    for arrival in arrivals:
        assert cadre.status(ops[arrival]) in ("applied", "exists")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals=st.lists(st.integers(0, 5), max_size=14))
def test_any_order_with_any_repetitions_ends_in_the_same_sheet(world: World, arrivals: list[int]) -> None:
    ops = [add(code, op_id=str(uuid4())) for code in CODES[:6]]
    before = ScoreEvent.objects.count()
    cadre = asker(world, Role.CADRE)
    with transaction.atomic():  # each example begins with the same sheet, or the last one's entries would be twins
        deliver(cadre, ops, [*arrivals, *range(6)])
        assert ScoreEvent.objects.count() == before + 6
        assert Sheet.objects.get(village=VILLAGE).version == before + 6
        transaction.set_rollback(True)
