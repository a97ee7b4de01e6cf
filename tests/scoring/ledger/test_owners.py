"""Who owns points, and what can be done with what they have."""

from datetime import date

import pytest

from scoring.ledger.owners import Owner, PointBalance, department, division, first_pending_month, household
from tests.world import COUNTY, TOWNSHIP, VILLAGE


@pytest.mark.parametrize(
    ("owner", "chain"),
    [
        (household(f"{VILLAGE}010001"), VILLAGE),
        (division(f"{VILLAGE}01"), VILLAGE),
        (division(VILLAGE), VILLAGE),
        (division(TOWNSHIP), TOWNSHIP),
        (division(COUNTY), COUNTY),
        (department("LYJ"), "department:LYJ"),
    ],
)
def test_owner_hangs_on_a_village_or_on_a_chain_of_its_own(owner: Owner, chain: str) -> None:
    assert owner.chain == chain


def test_owners_of_one_code_differ_by_their_kind() -> None:
    assert [one(VILLAGE).kind for one in (household, division, department)] == ["household", "division", "department"]


def test_free_is_what_is_neither_reserved_nor_pending() -> None:
    has = PointBalance(balance=30, held=12, owed=0, pending=5)
    assert (has.unheld, has.free) == (18, 13)
    assert (PointBalance().unheld, PointBalance().free) == (0, 0)


@pytest.mark.parametrize(
    ("has", "apart", "hint"),
    [
        (PointBalance(5), "现在可用 5 分。", "可以选分值低一些的。"),
        (PointBalance(9, held=4), "现在可用 5 分（已预留 4 分）。", "可以选分值低一些的，或者取消别的预留。"),
        (
            PointBalance(9, pending=4),
            "现在可用 5 分（还没到兑换日 4 分）。",
            "可以选分值低一些的，或者等兑换日到了再来。",
        ),
        (PointBalance(0, owed=4), "现在可用 0 分（待扣还 4 分）。", "可以选分值低一些的。"),
        (
            PointBalance(12, held=4, owed=1, pending=3),
            "现在可用 5 分（已预留 4 分，还没到兑换日 3 分，待扣还 1 分）。",
            "可以选分值低一些的，或者取消别的预留，或者等兑换日到了再来。",
        ),
    ],
)
def test_who_wants_more_than_there_is_hears_where_the_rest_is(has: PointBalance, apart: str, hint: str) -> None:
    refused = has.short_of(40)
    assert (refused.code, refused.status) == ("not_enough_points", 409)
    assert (refused.reason, refused.hint) == (f"积分不够：要用 40 分，{apart}", hint)


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (date(2026, 11, 14), "2026-10"),
        (date(2026, 11, 15), "2026-11"),
        (date(2026, 11, 30), "2026-11"),
        (date(2026, 12, 1), "2026-11"),
        (date(2027, 1, 14), "2026-12"),
    ],
)
def test_points_of_a_month_are_pending_until_its_day_of_redemption(on: date, month: str) -> None:
    assert first_pending_month(on) == month
