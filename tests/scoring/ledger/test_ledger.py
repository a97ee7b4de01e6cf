"""The ledger's own promises: amounts by the rule, once each, and balances that are the sum of their entries."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.ledger import door as ledger
from scoring.models import Account, DepartmentScore, DivisionScore, HouseholdScore, PointEntry
from scoring.rollup import rollup
from tests.scoring import oracle
from tests.world import COUNTY, MONTH, SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


@pytest.fixture
def scored(world: World) -> World:
    world.declare()
    rollup.roll_up(MONTH)
    return world


def credited(*owners: str) -> list[int]:
    return [Account.objects.get(owner=owner).balance for owner in owners]


def test_only_the_villages_named_are_credited(scored: World) -> None:
    assert ledger.credit_villages(MONTH, TOWNSHIP, [SISTER]) == 2 + 1 + 1
    assert not Account.objects.filter(owner__startswith=VILLAGE).exists()


def test_second_credit_of_the_same_month_writes_nothing(scored: World) -> None:
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    before = list(Account.objects.order_by("id").values_list("owner", "balance"))
    assert ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE]) == 0
    assert list(Account.objects.order_by("id").values_list("owner", "balance")) == before


def test_account_that_is_there_already_is_raised(scored: World) -> None:
    Account.objects.create(owner_kind="household", owner=FIRST, balance=7)
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    assert credited(FIRST, SECOND) == [17, 10]


def test_same_code_of_another_kind_is_another_account(scored: World) -> None:
    Account.objects.create(owner_kind="department", owner=VILLAGE, balance=7)
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    assert Account.objects.get(owner_kind="department").balance == 7
    assert Account.objects.get(owner_kind="division", owner=VILLAGE).balance == 100


def test_entry_names_month_kind_and_source(scored: World) -> None:
    ledger.credit_townships(MONTH, COUNTY, [TOWNSHIP])
    entry = PointEntry.objects.get()
    assert (entry.month, entry.kind, entry.amount) == (MONTH, "freeze", 100)
    assert entry.source_key == f"freeze:{MONTH}:division:{TOWNSHIP}"


def test_department_is_credited_its_weighted_result(scored: World) -> None:
    assert ledger.credit_departments(MONTH, ["LYJ"]) == 1
    assert credited("LYJ") == [100]


def test_nobody_to_credit_writes_nothing(scored: World) -> None:
    assert ledger.credit_villages(MONTH, TOWNSHIP, []) == 0
    assert ledger.credit_departments(MONTH, []) == 0
    assert not Account.objects.exists()


def test_balance_below_zero_is_refused_by_the_database(scored: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(owner_kind="household", owner=FIRST, balance=-1)


def test_what_is_written_twice_is_refused_by_the_source_key(scored: World) -> None:
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    entry = PointEntry.objects.first()
    entry.pk, entry.seq = None, 99
    with pytest.raises(IntegrityError, match="source_key"), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.parametrize(
    ("total", "households", "points"),
    [(0, 0, []), (0, 9, []), (4, 9, []), (1, 1, [1]), (1, 2, [1]), (5, 9, [1]), (3, 2, [2]), (-1, 2, []), (-9, 9, [])],
)
def test_half_a_point_counts_as_one_and_nobody_earns_nothing(
    scored: World, total: int, households: int, points: list[int]
) -> None:
    figures = {"active": max(households, 1), "households": households, "total": total}
    DivisionScore.objects.filter(month=MONTH, code=TOWNSHIP).update(six_zero=0, **figures)
    DepartmentScore.objects.filter(month=MONTH, department_code="LYJ").update(**figures)
    assert (
        ledger.credit_townships(MONTH, COUNTY, [TOWNSHIP]) == ledger.credit_departments(MONTH, ["LYJ"]) == len(points)
    )
    assert list(PointEntry.objects.values_list("amount", flat=True)) == points * 2


@pytest.mark.parametrize(
    ("broken", "bonus", "told"),
    [
        (0, 0, [(10, "2024年5月六项为零")]),
        (0, 1, [(11, "2024年5月六项为零，2024年5月加分 1 分")]),
        (1, 1, [(1, "2024年5月加分 1 分")]),
        (1, 0, []),
    ],
)
def test_household_reads_what_its_points_are_for(
    scored: World, broken: int, bonus: int, told: list[tuple[int, str]]
) -> None:
    HouseholdScore.objects.filter(month=MONTH, code=FIRST).update(bonus=bonus, broken=broken)
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    assert list(PointEntry.objects.filter(account__owner=FIRST).values_list("amount", "text")) == told


def test_households_are_written_before_the_divisions_they_live_in(scored: World) -> None:
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    owners = list(PointEntry.objects.filter(chain=VILLAGE).order_by("seq").values_list("account__owner", flat=True))
    assert owners == [*sorted(owner for owner in owners if len(owner) == 18), VILLAGE, f"{VILLAGE}01", f"{VILLAGE}02"]


def test_one_point_that_is_owed_is_taken_from_what_comes_in(scored: World) -> None:
    Account.objects.create(owner_kind="household", owner=FIRST, balance=0, owed=1)
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
    mine = PointEntry.objects.filter(account__owner=FIRST).order_by("seq")
    assert list(mine.values_list("kind", "amount", "owed", "year")) == [
        ("freeze", 10, 0, mine[0].year),
        ("recover", -1, -1, None),
    ]
    assert credited(FIRST) == [9]


def test_heads_are_taken_from_the_villages_up() -> None:
    heads = ["department:LYJ", COUNTY, TOWNSHIP, VILLAGE, SISTER]
    assert ledger.lock(heads) == [VILLAGE, SISTER, TOWNSHIP, COUNTY, "department:LYJ"]
    assert ledger.lock([*heads, "department:SLJ"])[-2:] == ["department:LYJ", "department:SLJ"]


def test_text_is_cut_at_two_hundred_signs() -> None:
    ledger.adjust(ledger.household(FIRST), 1, key="one", text="字" * 201)
    assert PointEntry.objects.get().text == "字" * 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.integers(-400, 2_000), households=st.integers(0, 9))
def test_division_earns_its_result_halves_up_never_below_zero(scored: World, total: int, households: int) -> None:
    with transaction.atomic():
        DivisionScore.objects.filter(month=MONTH, code=TOWNSHIP).update(
            active=9, households=households, six_zero=0, total=total
        )
        ledger.credit_townships(MONTH, COUNTY, [TOWNSHIP])
        earned = sum(Account.objects.values_list("balance", flat=True))
        transaction.set_rollback(True)
    assert earned == oracle.points({"total": total, "households": households})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bonus=st.integers(0, 20), broken=st.integers(0, 63))
def test_household_earns_ten_for_six_zeros_and_its_bonus(scored: World, bonus: int, broken: int) -> None:
    with transaction.atomic():
        HouseholdScore.objects.filter(month=MONTH, code=FIRST).update(bonus=bonus, broken=broken)
        ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE])
        earned = sum(Account.objects.filter(owner=FIRST).values_list("balance", flat=True))
        transaction.set_rollback(True)
    assert earned == oracle.household_points({"bonus": bonus, "broken": {p for p in range(6) if broken >> p & 1}})
