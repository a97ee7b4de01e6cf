"""The door to points, one function after the other: what it writes, what it refuses, and that repeats are harmless."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from households.refusals import Refused
from scoring.ledger import door as ledger
from scoring.ledger.owners import PointBalance
from scoring.models import Account, LedgerHead, PointEntry
from tests.world import VILLAGE

pytestmark = pytest.mark.django_db
HOME = ledger.household(f"{VILLAGE}010001")
NEIGHBOUR = ledger.household(f"{VILLAGE}010002")


@pytest.fixture
def rich() -> None:
    """A household with 30 points, none of them reserved."""
    ledger.adjust(HOME, 30, key="start", text="期初")


def standing() -> tuple[int, int, int]:
    now = ledger.state_of(HOME)
    assert now.pending == 0
    return now.balance, now.held, now.owed


def kinds() -> list[tuple[str, int, int, int]]:
    """(kind, balance, held, owed) of what was written after the start."""
    entries = PointEntry.objects.filter(account__owner=HOME.code).order_by("seq")
    return list(entries.values_list("kind", "amount", "held", "owed"))[1:]


def refusal(act: object) -> Refused:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value


def owing(points: int) -> None:
    """Everything spent, and so many points more."""
    ledger.record_spent(HOME, ledger.state_of(HOME).unheld + points, key="offline", text="断网时兑换")


def test_owner_without_account_has_nothing() -> None:
    assert ledger.state_of(HOME) == PointBalance()


@pytest.mark.parametrize(
    ("owner", "chain"),
    [
        (HOME, VILLAGE),
        (ledger.division(f"{VILLAGE}01"), VILLAGE),
        (ledger.division(VILLAGE), VILLAGE),
        (ledger.division(VILLAGE[:9]), VILLAGE[:9]),
        (ledger.division(VILLAGE[:6]), VILLAGE[:6]),
        (ledger.department("LYJ"), "department:LYJ"),
    ],
)
def test_owner_hangs_on_the_chain_of_his_village(owner: ledger.Owner, chain: str) -> None:
    ledger.adjust(owner, 1, key="one", text="一分")
    assert PointEntry.objects.get().chain == owner.chain == chain


def test_owner_of_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="kind"):
        ledger.Owner("person", "1")


def test_hold_reserves_what_is_free(rich: None) -> None:
    assert ledger.hold(HOME, 12, key="order:1", text="预留：洗衣液")
    assert standing() == (30, 12, 0)
    assert ledger.state_of(HOME).free == 18
    assert kinds() == [("hold", 0, 12, 0)]


def test_hold_repeated_writes_nothing(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert not ledger.hold(HOME, 12, key="order:1", text="预留")
    assert standing() == (30, 12, 0)


def test_hold_beyond_what_is_free_is_refused_with_the_numbers(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    refused = refusal(lambda: ledger.hold(HOME, 19, key="order:2", text="预留"))
    assert (refused.code, refused.status) == ("not_enough_points", 409)
    assert refused.reason == "积分不够：要用 19 分，现在可用 18 分（已预留 12 分）。"
    assert refused.hint == "可以选分值低一些的，或者取消别的预留。"
    assert standing() == (30, 12, 0)


def test_hold_of_everything_that_is_free_is_granted(rich: None) -> None:
    assert ledger.hold(HOME, 30, key="order:1", text="预留")


def test_hold_without_account_is_refused_and_opens_none() -> None:
    assert refusal(lambda: ledger.hold(HOME, 1, key="order:1", text="预留")).code == "not_enough_points"
    assert not Account.objects.exists()


def test_key_used_for_another_owner_is_a_mistake(rich: None) -> None:
    ledger.adjust(NEIGHBOUR, 30, key="start:2", text="期初")
    ledger.hold(HOME, 12, key="order:1", text="预留")
    with pytest.raises(ValueError, match="something else"):
        ledger.hold(NEIGHBOUR, 12, key="order:1", text="预留")


def test_key_used_for_other_points_is_a_mistake(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    with pytest.raises(ValueError, match="something else"):
        ledger.hold(HOME, 13, key="order:1", text="预留")


@pytest.mark.parametrize("key", ["", "x" * 61, "积分", "a b", "a\n"])
def test_key_that_is_none_is_a_mistake(rich: None, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        ledger.hold(HOME, 1, key=key, text="预留")


@pytest.mark.parametrize("points", [0, -1, True, 1.0, "1", 10**10])
def test_points_that_are_none_are_a_mistake(rich: None, points: object) -> None:
    for act in (ledger.hold, ledger.spend_now, ledger.record_spent, ledger.give_back):
        with pytest.raises((ValueError, TypeError)):
            act(HOME, points, key="k", text="预留")


def test_points_reach_up_to_a_thousand_million() -> None:
    assert ledger.adjust(HOME, 1_000_000_000, key="most", text="期初")
    with pytest.raises(ValueError, match="whole numbers"):
        ledger.adjust(HOME, 1_000_000_001, key="more", text="期初")


def test_release_frees_what_was_held(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert ledger.release(HOME, key="order:1", text="取消")
    assert standing() == (30, 0, 0)
    assert kinds()[-1] == ("release", 0, -12, 0)
    assert not ledger.release(HOME, key="order:1", text="取消")
    assert standing() == (30, 0, 0)


def test_release_of_what_was_never_held_is_refused(rich: None) -> None:
    assert refusal(lambda: ledger.release(HOME, key="order:1", text="取消")).code == "no_hold"


def test_release_of_what_was_spent_is_refused(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    ledger.spend(HOME, key="order:1", text="领取")
    assert refusal(lambda: ledger.release(HOME, key="order:1", text="取消")).code == "hold_spent"


def test_spend_takes_what_was_held(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert ledger.spend(HOME, key="order:1", text="领取")
    assert standing() == (18, 0, 0)
    assert kinds()[-1] == ("spend", -12, -12, 0)
    assert not ledger.spend(HOME, key="order:1", text="领取")
    assert standing() == (18, 0, 0)


def test_spend_of_what_was_never_held_is_refused(rich: None) -> None:
    assert refusal(lambda: ledger.spend(HOME, key="order:1", text="领取")).code == "no_hold"


def test_spend_of_what_was_released_is_refused(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    ledger.release(HOME, key="order:1", text="取消")
    assert refusal(lambda: ledger.spend(HOME, key="order:1", text="领取")).code == "hold_released"


def test_spend_at_once_takes_what_is_free(rich: None) -> None:
    assert ledger.spend_now(HOME, 30, key="sale:1", text="兑换")
    assert not ledger.spend_now(HOME, 30, key="sale:1", text="兑换")
    assert standing() == (0, 0, 0)


def test_spend_at_once_beyond_what_is_free_is_refused(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert refusal(lambda: ledger.spend_now(HOME, 19, key="sale:1", text="兑换")).code == "not_enough_points"
    assert standing() == (30, 12, 0)


def test_recorded_spend_takes_what_is_there(rich: None) -> None:
    assert ledger.record_spent(HOME, 30, key="sale:1", text="断网时兑换") == 0
    assert standing() == (0, 0, 0)


def test_recorded_spend_beyond_what_is_there_is_owed(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert ledger.record_spent(HOME, 25, key="sale:1", text="断网时兑换") == 7
    assert ledger.record_spent(HOME, 25, key="sale:1", text="断网时兑换") == 7
    assert standing() == (12, 12, 7)
    assert kinds()[-1] == ("spend", -18, 0, 7)


def test_recorded_spend_without_account_is_owed_whole() -> None:
    assert ledger.record_spent(HOME, 5, key="sale:1", text="断网时兑换") == 5
    assert standing() == (0, 0, 5)


def test_what_comes_in_pays_what_is_owed_first(rich: None) -> None:
    owing(10)
    ledger.adjust(HOME, 4, key="more", text="补记")
    assert standing() == (0, 0, 6)
    ledger.adjust(HOME, 10, key="more:2", text="补记")
    assert standing() == (4, 0, 0)
    assert kinds()[-1] == ("recover", -6, 0, -6)


def test_what_is_released_pays_what_is_owed_first(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    owing(5)
    ledger.release(HOME, key="order:1", text="取消")
    assert standing() == (7, 0, 0)


def test_hold_is_not_touched_by_what_is_owed(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    owing(5)
    assert ledger.spend(HOME, key="order:1", text="领取")
    assert standing() == (0, 0, 5)


def test_given_back_is_free_again(rich: None) -> None:
    ledger.spend_now(HOME, 12, key="sale:1", text="兑换")
    assert ledger.give_back(HOME, 12, key="sale:1", text="退货")
    assert not ledger.give_back(HOME, 12, key="sale:1", text="退货")
    assert standing() == (30, 0, 0)
    assert kinds()[-1] == ("reversal", 12, 0, 0)


def test_part_after_part_is_given_back_and_no_more(rich: None) -> None:
    ledger.spend_now(HOME, 12, key="sale:1", text="兑换")
    ledger.give_back(HOME, 5, key="sale:1/return:1", text="退货")
    ledger.give_back(HOME, 5, key="sale:1/return:2", text="退货")
    refused = refusal(lambda: ledger.give_back(HOME, 5, key="sale:1/return:3", text="退货"))
    assert (refused.code, refused.reason) == ("not_spent", "这笔兑换最多还能退回 2 分，不能退 5 分。")
    assert standing() == (28, 0, 0)


def test_key_of_a_spend_may_hold_any_sign(rich: None) -> None:
    ledger.spend_now(HOME, 12, key="sale@1@2", text="兑换")
    for part in ("sale@1@2", "sale@1@2/return@3"):
        assert ledger.give_back(HOME, 6, key=part, text="退货")
        assert not ledger.give_back(HOME, 6, key=part, text="退货")
    assert standing() == (30, 0, 0)


def test_nothing_is_given_back_of_what_was_only_held(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert refusal(lambda: ledger.give_back(HOME, 12, key="order:1", text="退货")).code == "not_spent"


def test_nothing_of_a_neighbours_spend_is_given_back(rich: None) -> None:
    ledger.spend_now(HOME, 12, key="sale:1", text="兑换")
    with pytest.raises(ValueError, match="something else"):
        ledger.give_back(NEIGHBOUR, 12, key="sale:1", text="退货")


def test_given_back_for_other_points_is_a_mistake(rich: None) -> None:
    ledger.spend_now(HOME, 12, key="sale:1", text="兑换")
    ledger.give_back(HOME, 5, key="sale:1", text="退货")
    with pytest.raises(ValueError, match="something else"):
        ledger.give_back(HOME, 6, key="sale:1", text="退货")


def test_spend_that_was_partly_owed_is_given_back_whole(rich: None) -> None:
    ledger.record_spent(HOME, 40, key="sale:1", text="断网时兑换")
    ledger.give_back(HOME, 40, key="sale:1", text="退货")
    assert standing() == (30, 0, 0)


def test_adjustment_adds_and_takes(rich: None) -> None:
    assert ledger.adjust(HOME, -30, key="fix", text="更正")
    assert not ledger.adjust(HOME, -30, key="fix", text="更正")
    assert standing() == (0, 0, 0)
    assert PointEntry.objects.get(source_key="adjust:start").year == timezone.localdate().year


def test_adjustment_never_takes_what_is_reserved(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    assert refusal(lambda: ledger.adjust(HOME, -19, key="fix", text="更正")).code == "not_enough_points"
    assert ledger.adjust(HOME, -18, key="fix", text="更正")


def test_text_of_several_lines_becomes_one_line(rich: None) -> None:
    ledger.hold(HOME, 1, key="order:1", text="预留：\t洗衣液\r\n一瓶 ")
    assert PointEntry.objects.get(source_key="hold:order:1").text == "预留： 洗衣液 一瓶"


def test_entry_without_a_word_is_refused_by_the_database(rich: None) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="one_line"), transaction.atomic():
        ledger.hold(HOME, 1, key="order:1", text=" ")


@pytest.mark.django_db(transaction=True)
def test_points_move_in_the_callers_transaction_alone() -> None:
    assert not connection.in_atomic_block
    with pytest.raises(TransactionManagementError):
        ledger.adjust(HOME, 1, key="one", text="一分")
    with pytest.raises(TransactionManagementError):
        ledger.lock([VILLAGE])


def test_posting_takes_two_statements(rich: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):
        ledger.hold(HOME, 12, key="order:1", text="预留")
    with django_assert_num_queries(2):
        ledger.spend(HOME, key="order:1", text="领取")


def test_head_is_the_last_entry_of_its_chain(rich: None) -> None:
    ledger.hold(HOME, 12, key="order:1", text="预留")
    ledger.adjust(NEIGHBOUR, 5, key="start:2", text="期初")
    head, last = LedgerHead.objects.get(chain=VILLAGE), PointEntry.objects.get(source_key="adjust:start:2")
    assert (head.seq, bytes(head.hash)) == (last.seq, bytes(last.hash)) == (3, bytes(last.hash))
