"""Money into projects and out: every exit, every constraint."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from households.roles import Role
from rewards.awards.actions import commitments
from rewards.models import Allocation, Award, Payment, Project
from rewards.money import yuan
from rewards.projects.actions import payments
from rewards.projects.actions.payments import allocate, pay, release, reverse_payment
from tests.audit_failure import audit_down
from tests.refusals import refused
from tests.rewards.projects.village_works import (
    COST,
    DAY,
    YUAN,
    accepted,
    approved,
    award,
    bill,
    building,
    fresh,
    funded,
    restate,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def test_allocation_moves_both_sums(world: World) -> None:
    project, given = approved(world), award(world)
    allocate(award=given, project=project, fen=30_000 * YUAN, by=world.user(Role.COUNTY_OFFICE))
    assert (fresh(project).allocated_fen, fresh(given).committed_fen) == (30_000 * YUAN, 30_000 * YUAN)
    assert project.steps.last().note == "从综合奖安排 30,000.00 元"


def test_two_awards_pay_for_one_project(world: World) -> None:
    project = approved(world)
    for _ in range(2):
        allocate(award=award(world, COST // 2), project=project, fen=COST // 2, by=None)
    assert fresh(project).allocated_fen == COST


def test_award_gives_no_more_than_it_has(world: World) -> None:
    project, given = approved(world), award(world, 10 * YUAN)
    refusal = refused("award_too_small", lambda: allocate(award=given, project=project, fen=10 * YUAN + 1, by=None))
    assert refusal.status == 409
    assert (fresh(project).allocated_fen, fresh(given).committed_fen) == (0, 0)


def test_project_takes_no_more_than_its_budget(world: World) -> None:
    project, given = approved(world, budget=20 * YUAN), award(world)
    allocate(award=given, project=project, fen=15 * YUAN, by=None)
    refusal = refused("budget_too_small", lambda: allocate(award=given, project=project, fen=6 * YUAN, by=None))
    assert "还差 5.00 元" in refusal.reason
    assert fresh(given).committed_fen == 15 * YUAN


def test_award_of_another_village_is_refused(world: World) -> None:
    project, given = approved(world), award(world, village=world.sister)
    refused("award_elsewhere", lambda: allocate(award=given, project=project, fen=YUAN, by=None))
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("fen", [0, -5])
def test_amounts_are_more_than_nothing(world: World, fen: int) -> None:
    project, given = funded(world)
    refused("amount", lambda: allocate(award=given, project=project, fen=fen, by=None))
    refused("amount", lambda: release(award=given, project=project, fen=fen, reason="多了", by=None))
    refused("amount", lambda: pay(project=project, bill=bill(fen), by=None))


def test_suspended_award_gives_nothing(world: World) -> None:
    project, given = approved(world), award(world)
    restate()
    refusal = refused("award_suspended", lambda: allocate(award=given, project=project, fen=YUAN, by=None))
    assert "更正过" in refusal.reason
    assert "县六零办" in refusal.hint


def test_nothing_is_paid_from_a_suspended_award(world: World) -> None:
    project, _ = building(world)
    restate()
    refused("award_suspended", lambda: pay(project=project, bill=bill(YUAN), by=None))
    assert not Payment.objects.exists()


def test_suspended_money_can_go_back(world: World) -> None:
    project, given = building(world)
    restate()
    release(award=given, project=project, fen=COST, reason="名次更正", by=None)
    assert (fresh(project).allocated_fen, fresh(given).committed_fen) == (0, 0)


def test_month_of_others_does_not_suspend(world: World) -> None:
    project, _ = building(world)
    restate("2024-04")
    pay(project=project, bill=bill(YUAN), by=None)
    assert fresh(project).paid_fen == YUAN


def test_released_money_is_free_again(world: World) -> None:
    project, given = funded(world)
    release(award=given, project=project, fen=10 * YUAN, reason="造价下降", by=None)
    assert fresh(given).left_fen == 10 * YUAN
    back = project.allocations.last()
    assert (back.fen, back.note) == (-10 * YUAN, "造价下降")


def test_paid_money_does_not_go_back(world: World) -> None:
    project, given = building(world)
    pay(project=project, bill=bill(10 * YUAN), by=None)
    act = lambda: release(award=given, project=project, fen=COST, reason="不做了", by=None)  # noqa: E731
    assert yuan(COST - 10 * YUAN) in refused("too_much_back", act).reason
    assert fresh(project).allocated_fen == COST


def test_no_more_goes_back_than_that_award_gave(world: World) -> None:
    project, given = funded(world, fen=COST // 2)
    other = award(world)
    allocate(award=other, project=project, fen=YUAN, by=None)
    refused("too_much_back", lambda: release(award=other, project=project, fen=2 * YUAN, reason="多了", by=None))
    assert fresh(given).committed_fen == COST // 2


def test_payment_moves_the_sum_and_is_told(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(20_000 * YUAN, "付字01号"), by=world.user(Role.COUNTY_OFFICE))
    assert fresh(project).paid_fen == payment.fen == 20_000 * YUAN
    assert project.steps.last().note == "付给罗坪建筑公司 20,000.00 元，凭证 付字01号"


def test_a_fifth_waits_for_acceptance(world: World) -> None:
    project, _ = building(world)
    pay(project=project, bill=bill(COST * 80 // 100), by=None)
    refusal = refused("not_allocated", lambda: pay(project=project, bill=bill(1), by=None))
    assert "80%" in refusal.hint
    assert "最多可以付 0.00 元" in refusal.reason


def test_everything_is_paid_after_acceptance(world: World) -> None:
    project = accepted(world)
    pay(project=project, bill=bill(COST), by=None)
    assert fresh(project).unpaid_fen == 0
    refused("not_allocated", lambda: pay(project=project, bill=bill(1), by=None))


def test_nothing_is_paid_before_the_works_begin(world: World) -> None:
    project, _ = funded(world)
    refused("project_state", lambda: pay(project=project, bill=bill(1), by=None))


def test_voucher_pays_once(world: World) -> None:
    project, _ = building(world)
    pay(project=project, bill=bill(YUAN, "付字7号"), by=None)
    refused("voucher_used", lambda: pay(project=project, bill=bill(YUAN, " 付字7号 "), by=None))
    assert fresh(project).paid_fen == YUAN


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"payee_kind": "cousin"}, "payee_kind"), ({"payee": " "}, "text_missing"), ({"voucher_no": ""}, "text_missing")],
)
def test_bill_that_lacks_something_is_refused(world: World, wrong: dict[str, str], code: str) -> None:
    project, _ = building(world)
    refused(code, lambda: pay(project=project, bill=replace(bill(1), **wrong), by=None))


def test_reversal_is_a_new_row_and_money_is_there_again(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(30 * YUAN), by=None)
    reversal = reverse_payment(payment=payment, voucher_no="冲字1号", reason="付错账户", on=DAY, by=None)
    assert (reversal.fen, reversal.reverses) == (-30 * YUAN, payment)
    assert fresh(project).paid_fen == 0
    pay(project=project, bill=bill(30 * YUAN), by=None)


def test_payment_is_reversed_once_and_a_reversal_never(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(30 * YUAN), by=None)
    reversal = reverse_payment(payment=payment, voucher_no="冲字1号", reason="付错", on=DAY, by=None)
    for row in (payment, reversal):
        act = lambda row=row: reverse_payment(payment=row, voucher_no="冲字2号", reason="付错", on=DAY, by=None)  # noqa: E731
        refused("already_reversed", act)
    assert fresh(project).paid_fen == 0


def test_reversal_has_a_voucher_of_its_own(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(YUAN, "付字7号"), by=None)
    refused(
        "voucher_used", lambda: reverse_payment(payment=payment, voucher_no="付字7号", reason="错", on=DAY, by=None)
    )


def test_a_persons_name_is_not_public(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(YUAN, payee_kind="labour", payee="张三丰"), by=None)
    assert payment.public_payee == "务工人员"
    assert "张三丰" not in project.steps.last().note


ACTS = {
    "allocate": lambda project, given: allocate(award=given, project=project, fen=5, by=None),
    "release": lambda project, given: release(award=given, project=project, fen=5, reason="多了", by=None),
    "pay": lambda project, _given: pay(project=project, bill=bill(5), by=None),
}


@pytest.mark.parametrize("name", ACTS)
def test_without_its_audit_line_no_money_moves(world: World, name: str) -> None:
    project, given = building(world, fen=COST - 10)
    topped = award(world) if name == "allocate" else given

    with audit_down():
        ACTS[name](project, topped)
    assert (fresh(project).allocated_fen, fresh(project).paid_fen, Payment.objects.count()) == (COST - 10, 0, 0)


@pytest.mark.parametrize(
    "wrong", [{"allocated_fen": COST + 1}, {"paid_fen": COST + 1}, {"paid_fen": -1}, {"allocated_fen": -1}]
)
def test_database_keeps_paid_within_allocated_within_budget(world: World, wrong: dict[str, int]) -> None:
    project, _ = building(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**wrong)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rewards_project SET paid_fen = 5 WHERE id = {project}",
        "UPDATE rewards_project SET allocated_fen = allocated_fen - 1 WHERE id = {project}",
        "INSERT INTO rewards_allocation (award_id, project_id, fen, note, at) VALUES ({award}, {project}, 1, '', now())",
    ],
)
def test_database_compares_sums_with_rows(world: World, statement: str) -> None:
    project, given = building(world)
    with (
        pytest.raises(IntegrityError, match="differs from its rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(project=project.pk, award=given.pk))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", ["allocation", "payment", "acceptance"])
def test_rows_of_money_and_acceptance_are_never_edited(world: World, table: str) -> None:
    project = accepted(world)
    pay(project=project, bill=bill(5), by=None)
    for statement in (f"UPDATE rewards_{table} SET at = now()", f"DELETE FROM rewards_{table}"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_award_that_nobody_confirmed_does_not_exist(world: World) -> None:
    given = award(world)
    with pytest.raises(Award.DoesNotExist), transaction.atomic():
        commitments.lock_open(given.pk + 1)
    assert payments.ADVANCE_PERCENT == 80
