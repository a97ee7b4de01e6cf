"""The integrity check: silent while all is well or on its way, and naming the row whatever is tampered with."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from households.models import ChangeKind, Household, Linkage
from households.months import first_day
from scoring import tasks
from scoring.checks.scores import OF_A_MONTH
from scoring.checks.verify import RANKS, Drift, examine, verify
from scoring.ledger import door as ledger
from scoring.ledger import posting
from scoring.models import (
    Account,
    Declaration,
    DepartmentScore,
    DivisionScore,
    HouseholdScore,
    LedgerHead,
    PointEntry,
    RankingSnapshot,
    ScoreEvent,
    Sheet,
)
from scoring.rollup import marks, rollup
from scoring.states import SheetState
from tests.households.changes.histories import done
from tests.scoring.checks.tampering import unguarded
from tests.scoring.facts import record, rolled_up
from tests.scoring.small_counties import MONTH as RANDOM_MONTH
from tests.scoring.small_counties import load, worlds
from tests.world import COUNTY, MONTH, SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST, GROUP = f"{VILLAGE}010001", f"{VILLAGE}01"


@pytest.fixture
def month(world: World) -> World:
    """A month with a bit of everything: declared but for one village, rolled up."""
    record((FIRST, "WR04"), (FIRST, "FA12"), (GROUP, "WR13"), (VILLAGE, "WR14"), (COUNTY, "FF11"))
    world.declare(world.village, world.sister)
    rolled_up()
    return world


@pytest.fixture
def frozen(world: World) -> World:
    record((FIRST, "WR04"), (VILLAGE, "WR14"))
    world.frozen_month()
    return world


def names() -> set[str]:
    return {drift.name for drift in verify(MONTH)}


def test_month_in_progress_has_no_drift(month: World) -> None:
    assert verify() == []


def test_frozen_month_has_no_drift(frozen: World) -> None:
    assert verify() == []


def test_empty_database_has_no_drift() -> None:
    assert verify() == []


def test_month_nobody_rolled_up_has_no_drift(world: World) -> None:
    assert verify() == []


def test_what_is_marked_is_no_drift(month: World) -> None:
    record((FIRST, "WR02"), (SISTER, "WR14"), (TOWNSHIP, "WR13"))
    month.declare(month.strange)
    assert verify() == []
    rolled_up()
    assert verify() == []


def test_freezing_half_done_is_no_drift(frozen: World) -> None:
    with unguarded():
        RankingSnapshot.objects.all().delete()
        PointEntry.objects.filter(account__owner=TOWNSHIP).delete()
        Account.objects.filter(owner=TOWNSHIP).delete()
        LedgerHead.objects.filter(chain=TOWNSHIP).delete()
        Sheet.objects.update(archived_in=None)
    DivisionScore.objects.filter(code=COUNTY).update(total=0)
    assert verify() == []


def test_closing_a_household_later_is_no_drift_in_a_frozen_month(frozen: World) -> None:
    done(None, ChangeKind.CLOSE, date(2024, 5, 2), FIRST)
    assert verify() == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_whatever_was_rolled_up_has_no_drift(world: dict) -> None:
    """The invariants share no SQL with the roll-up, so this holds one against the other. Clauses are stand-ins here."""
    with transaction.atomic():
        load(world)
        rollup.roll_up(RANDOM_MONTH, full=True)
        drifts = {drift.name for drift in verify(RANDOM_MONTH)}
        transaction.set_rollback(True)
    assert drifts <= {"events"}


def score_changed() -> None:
    HouseholdScore.objects.filter(code=FIRST).update(score=99)


def score_removed() -> None:
    HouseholdScore.objects.filter(code=FIRST).delete()


def score_of_the_undeclared() -> None:
    HouseholdScore.objects.create(month=MONTH, code="430726202201010001", score=100, bonus=0, broken=0)


def broken_zero_hidden() -> None:
    HouseholdScore.objects.filter(code=FIRST).update(broken=0)


def group_total_changed() -> None:
    DivisionScore.objects.filter(code=GROUP).update(total=1)


def group_active_changed() -> None:
    DivisionScore.objects.filter(code=GROUP).update(active=6)


def six_zero_changed() -> None:
    DivisionScore.objects.filter(code=GROUP).update(six_zero=5)


def adjustment_changed() -> None:
    DivisionScore.objects.filter(code=VILLAGE).update(adjustment=0)


def parent_changed() -> None:
    DivisionScore.objects.filter(code=TOWNSHIP).update(total=5)


def county_line_removed() -> None:
    DivisionScore.objects.filter(code=COUNTY).delete()


def event_smuggled_in() -> None:
    event = ScoreEvent.objects.filter(code=FIRST).first()
    with unguarded():
        ScoreEvent.objects.filter(pk=event.pk).update(points=1)


def event_of_nobody() -> None:
    with unguarded():
        ScoreEvent.objects.filter(code=FIRST).update(code=f"{VILLAGE}019999")


def department_changed() -> None:
    DepartmentScore.objects.filter(department_code="LYJ").update(total=3)


def department_more_than_covered() -> None:
    DepartmentScore.objects.filter(department_code="LYJ").update(households=99)


def linkage_changed_without_a_mark() -> None:
    Linkage.objects.filter(department="LYJ", division=VILLAGE).update(weight=9)


def household_closed_without_a_mark() -> None:
    Household.objects.filter(code=FIRST).update(valid_to="2024-05-02")


def declaration_lost() -> None:
    Declaration.objects.filter(sheet__village=VILLAGE).update(withdrawn_at=timezone.now(), withdraw_reason="丢失")


def signed_for_strangers() -> None:
    with unguarded():
        Declaration.objects.filter(sheet__village=SISTER).update(households=["430726202201010001"])


@pytest.mark.parametrize(
    ("tamper", "name"),
    [
        (score_changed, "household_scores"),
        (broken_zero_hidden, "household_scores"),
        (event_smuggled_in, "household_scores"),
        (event_smuggled_in, "events"),
        (event_of_nobody, "events"),
        (score_removed, "scored_households"),
        (score_of_the_undeclared, "scored_households"),
        (household_closed_without_a_mark, "active_households"),
        (household_closed_without_a_mark, "scored_households"),
        (group_total_changed, "group_sums"),
        (six_zero_changed, "group_sums"),
        (group_active_changed, "active_households"),
        (group_total_changed, "parent_sums"),
        (parent_changed, "parent_sums"),
        (county_line_removed, "parent_sums"),
        (adjustment_changed, "adjustments"),
        (department_changed, "departments"),
        (linkage_changed_without_a_mark, "departments"),
        (department_more_than_covered, "coverage"),
        (declaration_lost, "sheets"),
        (signed_for_strangers, "sheets"),
    ],
)
def test_tampering_is_found_under_its_name(month: World, tamper: Callable[[], None], name: str) -> None:
    tamper()
    assert name in names()


def entry_lost() -> None:
    with unguarded():
        PointEntry.objects.filter(account__owner=f"{VILLAGE}010002").delete()


def balance_changed() -> None:
    Account.objects.filter(owner=SISTER).update(balance=1)


def credit_changed() -> None:
    with unguarded():
        PointEntry.objects.filter(account__owner=TOWNSHIP).update(amount=1)


def credit(owner: str, points: int) -> None:
    """An entry as freezing writes it, that freezing never wrote."""
    due = "SELECT 'division' AS owner_kind, %(owner)s AS owner, %(points)s AS amount, '多记' AS text"
    entry = {"kind": "freeze", "month": MONTH, "year": 2024, "prefix": "x:", "low": "", "high": "9"}
    ledger.lock([owner])
    assert posting.post(due, entry | {"owner": owner, "points": points}) == 1


def credited_without_reason() -> None:
    credit("430726999", 5)


def credited_twice() -> None:
    credit(SISTER, 100)


def snapshot_changed() -> None:
    with unguarded():
        RankingSnapshot.objects.filter(level="village").update(body="[]")


def frozen_line_changed() -> None:
    DivisionScore.objects.filter(code=SISTER).update(six_zero=0)


def frozen_department_changed() -> None:
    DepartmentScore.objects.filter(department_code="SLJ").update(total=1)


def register_moved_back() -> None:
    Household.objects.filter(code=f"{SISTER}010001").update(valid_to=first_day(MONTH))


@pytest.mark.parametrize(
    ("tamper", "name"),
    [
        (register_moved_back, "on_register"),
        (entry_lost, "balances"),
        (balance_changed, "balances"),
        (entry_lost, "credits"),
        (credit_changed, "credits"),
        (credited_without_reason, "credits"),
        (credited_twice, "credits"),
        (snapshot_changed, "digests"),
        (frozen_line_changed, "kept_rankings"),
        (frozen_department_changed, "kept_rankings"),
        (score_changed, "household_scores"),
    ],
)
def test_tampering_with_a_frozen_month_is_found(frozen: World, tamper: Callable[[], None], name: str) -> None:
    tamper()
    assert name in names()


def test_every_invariant_has_been_seen_to_fail() -> None:
    tests = (test_tampering_is_found_under_its_name, test_tampering_with_a_frozen_month_is_found)
    seen = {name for test in tests for mark in test.pytestmark for _, name in mark.args[1]}
    assert seen == {invariant.name for invariant in OF_A_MONTH} | {"balances"}  # the others: test_ledger_verify


def test_drift_names_the_row_and_both_values(month: World) -> None:
    score_changed()
    [drift] = [drift for drift in verify(MONTH) if drift.name == "household_scores"]
    assert drift == Drift(
        "household_scores",
        f"{MONTH} {FIRST}",
        "score=110 bonus=20 broken=2",
        "score=99 bonus=20 broken=2",
    )


def test_wrong_rank_is_found(month: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from scoring.checks import verify as module

    true_ranking = module.ranking

    def shifted(*args: object, **kwargs: object) -> list:
        return [replace(line, rank=line.rank and line.rank + 1) for line in true_ranking(*args, **kwargs)]

    monkeypatch.setattr(module, "ranking", shifted)
    assert names() == {RANKS.name}


def test_other_months_are_not_asked_when_one_is_named(month: World) -> None:
    marks.touch("2024-04", [VILLAGE])
    rollup.roll_up("2024-04")
    DivisionScore.objects.filter(month="2024-04", code=GROUP).update(total=5)
    assert verify(MONTH) == []
    assert {drift.where for drift in verify()} == {f"2024-04 {GROUP}", f"2024-04 {VILLAGE}"}


def test_many_bad_rows_are_cut_to_the_first_twenty(month: World) -> None:
    extra = [HouseholdScore(month=MONTH, code=f"{GROUP}{n:04d}", score=100, bonus=0, broken=0) for n in range(100, 140)]
    HouseholdScore.objects.bulk_create(extra)
    [finding] = [f for f in examine(MONTH) if f.invariant.name == "scored_households"]
    assert len(finding.drifts) == 20


def test_posting_state_without_declaration_is_found(month: World) -> None:
    Sheet.objects.filter(village="430726202201").delete()
    Sheet.objects.create(period_id=MONTH, village_id="430726202201", state=SheetState.POSTED)
    assert names() == {"sheets"}


def test_nightly_check_writes_drift_into_the_log(month: World, caplog: pytest.LogCaptureFixture) -> None:
    score_changed()
    with caplog.at_level("INFO"):
        tasks.check_nightly()
    assert "household_scores" in caplog.text
    assert FIRST in caplog.text
    assert HouseholdScore.objects.get(code=FIRST).score == 99


def test_nightly_check_of_a_sound_database_says_so(month: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        tasks.check_nightly()
    assert "verified" in caplog.text
    assert "drift'" not in caplog.text
