"""What the database itself refuses of points: constraints one by one, and any change to what was written."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.refusals import Refused
from households.sql import run
from scoring.ledger import door as ledger
from scoring.models import Account, LedgerHead, PointEntry, PointNotice
from tests.constraints import broken
from tests.scoring.earning import assert_sound, entries_of, figures
from tests.world import VILLAGE

pytestmark = pytest.mark.django_db
HOME = ledger.household(f"{VILLAGE}010001")


@pytest.fixture
def entry() -> PointEntry:
    ledger.adjust(HOME, 30, key="start", text="期初")
    return PointEntry.objects.get()


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        ({"balance": -1, "held": -1}, "account_never_negative|account_holds"),
        ({"balance": 5, "held": 6}, "account_holds_what_it_has"),
        ({"balance": 5, "held": -1}, "account_holds_what_it_has"),
        ({"balance": 5, "held": 5, "owed": -1}, "account_owed_not_negative"),
        ({"balance": 5, "held": 4, "owed": 1}, "account_owes_only_without_free"),
    ],
)
def test_account_that_cannot_be_is_refused(figures: dict[str, int], name: str) -> None:
    broken(lambda: Account.objects.create(owner_kind="household", owner=HOME.code, **figures), name)


def test_owner_has_one_account_of_a_kind(entry: PointEntry) -> None:
    broken(lambda: Account.objects.create(owner_kind="household", owner=HOME.code), "account_one_per_owner")
    Account.objects.create(owner_kind="department", owner=HOME.code)


def again(entry: PointEntry, **changes: object) -> Callable[[], object]:
    """The entry once more as the next one, with changes."""

    def write() -> None:
        row = {"seq": 2, "source_key": "adjust:again"} | changes
        for name, value in row.items():
            setattr(entry, name, value)
        entry.pk = None
        entry.save(force_insert=True)

    return write


def test_entry_that_is_in_order_is_accepted(entry: PointEntry) -> None:
    again(entry)()
    assert PointEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": 0, "year": None}, "entry_moves_something"),
        ({"seq": 1}, "entry_one_per_link"),
        ({"source_key": "adjust:start"}, "source_key"),
        ({"year": None}, "entry_earns_in_a_year"),
        ({"amount": -1}, "entry_earns_in_a_year"),
        ({"text": ""}, "entry_is_one_line"),
        ({"text": "两\t列"}, "entry_is_one_line"),
        ({"text": "两\n行"}, "entry_is_one_line"),
        ({"kind": "gift"}, "entry_fits_its_kind"),
        ({"kind": "freeze", "amount": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "freeze", "held": 1}, "entry_fits_its_kind"),
        ({"kind": "restate", "owed": 1}, "entry_fits_its_kind"),
        ({"kind": "restate", "amount": -1, "owed": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "recover", "amount": -1, "owed": -2, "year": None}, "entry_fits_its_kind"),
        ({"kind": "recover", "amount": 1, "owed": 1}, "entry_fits_its_kind"),
        ({"kind": "hold", "amount": 0, "held": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "hold", "amount": 1, "held": 1}, "entry_fits_its_kind"),
        ({"kind": "release", "amount": 0, "held": 1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "spend", "amount": -2, "held": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "spend", "amount": 1, "held": 0}, "entry_fits_its_kind"),
        ({"kind": "spend", "amount": -1, "owed": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "reversal", "amount": -1, "year": None}, "entry_fits_its_kind"),
        ({"kind": "expiry", "amount": 1}, "entry_fits_its_kind"),
        ({"kind": "adjust", "owed": 1}, "entry_fits_its_kind"),
    ],
)
def test_entry_that_cannot_be_is_refused(entry: PointEntry, changes: dict[str, object], name: str) -> None:
    broken(again(entry, **changes), name)


@pytest.mark.parametrize(
    "column",
    [
        "amount = 1",
        "text = '改过'",
        "hash = salt",
        "seq = 9",
        "chain = 'x'",
        "at = now()",
        "source_key = 'x'",
        "year = 1",
    ],
)
def test_entry_is_never_edited(entry: PointEntry, column: str) -> None:
    broken(lambda: run(f"UPDATE scoring_pointentry SET {column}"), "append-only")


def test_entry_is_never_edited_or_removed_through_the_orm(entry: PointEntry) -> None:
    entry.text = "改过"
    broken(lambda: entry.save(update_fields=["text"]), "append-only")
    broken(lambda: PointEntry.objects.update(text="改过"), "append-only")
    broken(lambda: PointEntry.objects.all().delete(), "append-only")


@pytest.fixture
def notice(entry: PointEntry) -> PointNotice:
    return PointNotice.objects.create(account_id=entry.account_id, year=2025, days=60, amount=3)


def test_notice_is_never_edited_or_removed(notice: PointNotice) -> None:
    broken(lambda: PointNotice.objects.update(amount=4), "append-only")
    broken(lambda: PointNotice.objects.all().delete(), "append-only")
    broken(lambda: run("UPDATE scoring_pointnotice SET days = 1"), "append-only")


@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "notice_once"), ({"days": 0}, "notice_of_something"), ({"days": 14, "amount": 0}, "notice_of_something")],
)
def test_notice_that_cannot_be_is_refused(notice: PointNotice, changes: dict[str, int], name: str) -> None:
    fields = {"year": 2025, "days": 60, "amount": 3} | changes
    broken(lambda: PointNotice.objects.create(account_id=notice.account_id, **fields), name)


def test_chain_has_one_head(entry: PointEntry) -> None:
    broken(lambda: LedgerHead.objects.create(chain=VILLAGE, seq=0, hash=b""), "scoring_ledgerhead_pkey")


class Model:
    """Points as one would keep them on paper: free, reserved by key, owed."""

    def __init__(self) -> None:
        self.free = self.owed = 0
        self.holds: dict[str, int] = {}
        self.gone: dict[str, int] = {}
        self.back: set[str] = set()

    def _in(self, points: int) -> None:
        paid = min(self.owed, points)
        self.owed -= paid
        self.free += points - paid

    def figures(self) -> tuple[int, int, int]:
        held = sum(self.holds.values())
        return self.free + held, held, self.owed

    def adjust(self, key: str, points: int) -> bool:
        self._in(points)
        return True

    def take(self, key: str, points: int) -> bool:
        if points > self.free:
            return False
        self.free -= points
        return True

    def hold(self, key: str, points: int) -> bool:
        if not self.take(key, points):
            return False
        self.holds[key] = points
        return True

    def release(self, key: str, points: int) -> bool:
        if key not in self.holds:
            return False
        self._in(self.holds.pop(key))
        return True

    def spend(self, key: str, points: int) -> bool:
        if key not in self.holds:
            return False
        self.gone[key] = self.holds.pop(key)
        return True

    def record_spent(self, key: str, points: int) -> bool:
        taken = min(points, self.free)
        self.free -= taken
        self.owed += points - taken
        self.gone[key] = points
        return True

    def give_back(self, key: str, points: int) -> bool:
        if key not in self.gone or key in self.back:
            return False
        self.back.add(key)
        self._in(self.gone[key])
        return True


def act_on_ledger(act: str, key: str, points: int, given: int) -> bool:
    """The same in the ledger; False when it was refused or written before. `given` is what giving back returns."""
    acts: dict[str, Callable[[], object]] = {
        "adjust": lambda: ledger.adjust(HOME, points, key=key, text="补记"),
        "take": lambda: ledger.adjust(HOME, -points, key=key, text="更正"),
        "hold": lambda: ledger.hold(HOME, points, key=key, text="预留"),
        "release": lambda: ledger.release(HOME, key=key, text="取消"),
        "spend": lambda: ledger.spend(HOME, key=key, text="领取"),
        "record_spent": lambda: ledger.record_spent(HOME, points, key=key, text="断网时兑换") >= 0,
        "give_back": lambda: ledger.give_back(HOME, given, key=key, text="退货"),
    }
    try:
        return bool(acts[act]())
    except Refused:
        return False


NEW, OLD = ["adjust", "take", "hold", "record_spent"], ["release", "spend", "give_back"]
STEPS = st.lists(st.tuples(st.sampled_from(NEW + OLD), st.integers(1, 25), st.integers(0, 7)), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_ledger_does_what_paper_would(db: None, steps: list[tuple[str, int, int]]) -> None:
    model, keys = Model(), []
    with transaction.atomic():
        for number, (act, points, pick) in enumerate(steps):
            if act in OLD and not keys:
                continue
            key = f"k:{number}" if act in NEW else keys[pick % len(keys)]
            keys += [key] if act in NEW else []
            given = model.gone.get(key, points)
            assert act_on_ledger(act, key, points, given) == getattr(model, act)(key, points)
            assert figures(HOME) == model.figures()
        assert_sound()
        sums = [sum(column) for column in zip(*(entry[1:] for entry in entries_of(HOME)), strict=True)] or [0, 0, 0]
        assert tuple(sums) == model.figures()
        transaction.set_rollback(True)
