"""A frozen month computed anew: the difference at every level, taken back only from what is not reserved."""

import pytest
from django.db import transaction
from django.utils import timezone

from households.refusals import Refused
from households.sql import rows
from scoring.ledger import door as ledger
from scoring.models import Account, DepartmentScore, DivisionScore, HouseholdScore, PointEntry, RankingSnapshot, Sheet
from scoring.rollup import rollup
from scoring.states import SheetState
from tests.scoring.restatements.adjusting import ask_addition, grant
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
HOME = ledger.household(FIRST)


def scored(code: str, *, broken: int = 0, bonus: int = 0) -> None:
    HouseholdScore.objects.filter(month=MONTH, code=code).update(broken=broken, bonus=bonus)


def totals(total: int, *codes: str) -> None:
    DivisionScore.objects.filter(month=MONTH, code__in=codes).update(total=total)


def restate(*villages: str, key: str = "adjustment:1") -> int:
    return ledger.restate(MONTH, villages or (VILLAGE,), key=key, text="2024年5月更正")


def figures(code: str) -> tuple[int, int, int]:
    account = Account.objects.get(owner=code)
    return account.balance, account.held, account.owed


def entries() -> list[tuple[str, str, int, int, int]]:
    """(owner, kind, balance, held, owed) of what was not written by freezing."""
    found = PointEntry.objects.exclude(kind__in=["freeze", "hold"]).order_by("id")
    return list(found.values_list("account__owner", "kind", "amount", "held", "owed"))


def test_month_in_line_moves_nothing(frozen: World) -> None:
    assert restate() == 0
    assert entries() == []


def test_household_that_should_have_more_is_credited(frozen: World) -> None:
    scored(FIRST, bonus=5)
    assert restate() == 1
    entry = PointEntry.objects.get(kind="restate")
    assert (entry.amount, entry.month, entry.text) == (5, MONTH, "2024年5月更正")
    assert entry.year is not None
    assert figures(FIRST) == (15, 0, 0)


def test_household_that_earned_nothing_and_has_no_account_is_credited(world: World) -> None:
    world.record(FIRST, "WR04")
    world.frozen_month()
    assert not Account.objects.filter(owner=FIRST).exists()
    scored(FIRST)
    assert restate() == 1
    assert figures(FIRST) == (10, 0, 0)


def test_household_that_got_too_much_gives_it_back(frozen: World) -> None:
    scored(FIRST, broken=1)
    assert restate() == 1
    assert figures(FIRST) == (0, 0, 0)
    assert entries() == [(FIRST, "restate", -10, 0, 0)]


def test_what_is_reserved_is_left_and_the_rest_is_owed(frozen: World) -> None:
    ledger.hold(HOME, 7, key="order:1", text="预留")
    scored(FIRST, broken=1)
    restate()
    assert figures(FIRST) == (7, 7, 7)
    assert entries() == [(FIRST, "restate", -3, 0, 7)]


def test_restating_again_counts_what_is_owed_as_taken(frozen: World) -> None:
    ledger.hold(HOME, 7, key="order:1", text="预留")
    scored(FIRST, broken=1)
    assert restate() == 1
    assert restate(key="adjustment:2") == 0
    assert figures(FIRST) == (7, 7, 7)


def test_what_is_owed_is_taken_from_the_next_month(frozen: World) -> None:
    ledger.hold(HOME, 7, key="order:1", text="预留")
    scored(FIRST, broken=1)
    restate()
    HouseholdScore.objects.create(month="2024-04", code=FIRST, score=100, bonus=0, broken=0)
    assert ledger.credit_villages("2024-04", TOWNSHIP, [VILLAGE]) == 1
    assert figures(FIRST) == (10, 7, 0)
    assert entries()[-1] == (FIRST, "recover", -7, 0, -7)


def test_what_is_owed_is_taken_from_a_credit_that_is_too_small(frozen: World) -> None:
    ledger.spend_now(HOME, 10, key="sale:1", text="兑换")
    scored(FIRST, broken=1)
    restate()
    assert figures(FIRST) == (0, 0, 10)
    scored(FIRST, broken=1, bonus=4)
    restate(key="adjustment:2")
    assert figures(FIRST) == (0, 0, 6)


def test_restated_to_and_fro_ends_where_it_began(frozen: World) -> None:
    ledger.spend_now(HOME, 6, key="sale:1", text="兑换")
    scored(FIRST, broken=1)
    restate()
    scored(FIRST)
    restate(key="adjustment:2")
    assert figures(FIRST) == (4, 0, 0)


def heads() -> dict[str, tuple[str, str]]:
    """Where each head lies, and which transaction has taken it."""
    found = rows("SELECT chain, ctid::text, xmax::text FROM scoring_ledgerhead")
    return {chain: (place, taken) for chain, place, taken in found}


def test_every_chain_that_may_move_is_taken_first(frozen: World) -> None:
    before = heads()
    restate()
    after = heads()
    assert {chain for chain in after if after[chain] != before[chain]} == {VILLAGE, TOWNSHIP, "department:LYJ"}


def test_same_key_again_moves_nothing(frozen: World) -> None:
    scored(FIRST, broken=1)
    restate()
    assert restate() == 0
    assert figures(FIRST) == (0, 0, 0)


def test_every_level_gets_its_difference(frozen: World) -> None:
    totals(450, f"{VILLAGE}01")
    totals(750, VILLAGE)
    totals(950, TOWNSHIP)
    DepartmentScore.objects.filter(department_code="LYJ").update(total=1700)
    assert restate() == 4
    assert sorted(entries()) == [
        (TOWNSHIP, "restate", -5, 0, 0),
        (VILLAGE, "restate", -6, 0, 0),
        (f"{VILLAGE}01", "restate", -10, 0, 0),
        ("LYJ", "restate", -6, 0, 0),
    ]


def test_county_has_no_points_to_restate(frozen: World) -> None:
    totals(1, COUNTY)
    assert restate() == 0


def test_only_what_is_named_is_restated(frozen: World) -> None:
    for village in (VILLAGE, SISTER):
        scored(f"{village}010001", broken=1)
    totals(1, OTHER_TOWNSHIP)
    DepartmentScore.objects.filter(department_code="SLJ").update(total=1)
    assert restate() == 1
    assert figures(f"{SISTER}010001") == (10, 0, 0)


def test_several_villages_are_restated_at_once(frozen: World) -> None:
    for village in (VILLAGE, SISTER):
        scored(f"{village}010001", broken=1)
    assert restate(SISTER, VILLAGE) == 2


def test_village_that_is_not_frozen_is_left_to_freezing(frozen: World) -> None:
    Sheet.objects.filter(village=VILLAGE).update(state=SheetState.DECLARED, frozen_at=None, archived_in=None)
    scored(FIRST, broken=1)
    assert restate() == 0


def test_township_that_is_not_complete_is_left_to_freezing(world: World) -> None:
    world.declare(world.village)
    world.freeze()
    scored(FIRST, broken=1)
    totals(1, TOWNSHIP)
    assert restate() == 1
    assert not Account.objects.filter(owner=TOWNSHIP).exists()


@pytest.fixture
def unfinished(world: World) -> World:
    """Every village frozen, but the county not finished: no rankings archived, townships and departments not credited."""
    world.declare()
    rollup.roll_up(MONTH)
    Sheet.objects.filter(period=MONTH).update(state=SheetState.FROZEN, frozen_at=timezone.now())
    return world


def test_township_not_yet_credited_is_left_to_the_freezing_that_goes_on(unfinished: World) -> None:
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE, SISTER])
    assert restate() == 0
    assert ledger.credit_townships(MONTH, COUNTY, [TOWNSHIP]) == 1
    assert figures(TOWNSHIP) == (100, 0, 0)


def test_township_credited_before_freezing_went_on_is_restated(unfinished: World) -> None:
    ledger.credit_villages(MONTH, TOWNSHIP, [VILLAGE, SISTER])
    ledger.credit_townships(MONTH, COUNTY, [TOWNSHIP])
    ledger.credit_departments(MONTH, ["LYJ"])
    totals(500, TOWNSHIP)
    DepartmentScore.objects.filter(department_code="LYJ").update(total=900)
    assert restate() == 2
    assert figures(TOWNSHIP) == (50, 0, 0)
    assert figures("LYJ") == (50, 0, 0)
    assert not RankingSnapshot.objects.exists()


def test_restating_a_month_of_a_lapsed_year_earns_this_year(frozen: World) -> None:
    scored(FIRST, bonus=5)
    restate()
    assert PointEntry.objects.get(kind="restate").year == timezone.localdate().year


@pytest.mark.parametrize("key", ["", "调整", "x" * 61])
def test_key_that_is_none_is_a_mistake(frozen: World, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        restate(key=key)


def test_long_reason_is_cut_to_fit(frozen: World) -> None:
    scored(FIRST, bonus=5)
    with transaction.atomic():
        ledger.restate(MONTH, [VILLAGE], key="adjustment:1", text="因\n" * 200)
    text = PointEntry.objects.get(kind="restate").text
    assert len(text) == 200
    assert "\n" not in text


def test_restatement_waits_until_freezing_has_finished(unfinished: World) -> None:
    adjustment = ask_addition(unfinished)
    with pytest.raises(Refused) as refused:
        grant(unfinished, adjustment)
    assert refused.value.code == "freezing"
    assert not RankingSnapshot.objects.exists()
