"""Words go by two people and the law; what hangs on them still adds up."""

from hashlib import sha256
from uuid import uuid4

import pytest

from households.inbox.reads import told
from households.models import AuditEvent, OutboxMessage
from households.refusals import Refused
from households.roles import Role
from scoring.checks.verify import verify
from scoring.models import PointEntry, RankingSnapshot, Withholding
from scoring.withholdings.actions import withholding as actions
from tests.audit_failure import audit_down
from tests.colleagues import colleague
from tests.constraints import broken, raw
from tests.scoring.checks.tampering import tamper
from tests.scoring.withholdings.free_words import (
    HOME,
    PLANTED,
    SHOWN,
    SHOWN_RANKING,
    ask,
    free_entry,
    free_ranking,
    withheld,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(world: World) -> World:
    world.frozen_once()
    return world


def drifts() -> list[str]:
    return [drift.name for drift in verify()]


def test_words_of_an_entry_go_and_the_chain_holds(kept: World) -> None:
    entry = free_entry(kept)
    before = (bytes(entry.hash), entry.amount)
    asked = withheld(kept, entry)
    entry.refresh_from_db()
    assert (bytes(entry.hash), entry.amount) == before
    assert entry.text == entry.shown_text == SHOWN == asked.shown
    assert drifts() == []


def test_reason_of_a_ranking_goes_and_its_digest_holds(kept: World) -> None:
    ranking = free_ranking(kept)
    reason, digest = ranking.reason, ranking.digest
    asked = withheld(kept, ranking)
    ranking.refresh_from_db()
    assert (ranking.reason, ranking.shown_reason, ranking.digest) == (SHOWN_RANKING, SHOWN_RANKING, digest)
    assert bytes(asked.digest) == sha256(reason.encode()).digest()
    assert drifts() == []


def test_words_are_nowhere_in_what_is_left(kept: World) -> None:
    withheld(kept, free_entry(kept))
    left = [*PointEntry.objects.values_list("text"), *Withholding.objects.values_list("shown", "why")]
    assert PLANTED not in str(left) + str(list(AuditEvent.objects.values_list("detail")))


def test_one_person_alone_withholds_nothing(kept: World) -> None:
    entry, office = free_entry(kept), kept.user(Role.COUNTY_OFFICE)
    asked = ask(entry, by=office)
    with pytest.raises(Refused) as refused:
        actions.grant(op_id=uuid4(), withholding=asked.pk, by=office)
    entry.refresh_from_db()
    assert (refused.value.code, PLANTED in entry.text) == ("own_request", True)
    row = f"UPDATE scoring_withholding SET state = 'granted', decided_by_id = {office.pk}, decided_at = now()"
    broken(raw(row), "withholding_needs_two_people")


def test_township_grants_nothing(kept: World) -> None:
    entry = free_entry(kept)
    asked = ask(entry, by=kept.user(Role.TOWNSHIP))
    with pytest.raises(Refused, match="不归您"):
        actions.grant(op_id=uuid4(), withholding=asked.pk, by=colleague(kept, Role.TOWNSHIP))
    assert PointEntry.objects.filter(text__contains=PLANTED).exists()


def test_refusal_leaves_the_words_and_they_may_be_asked_for_again(kept: World) -> None:
    entry, township = free_entry(kept), kept.user(Role.TOWNSHIP)
    asked = ask(entry, by=township)
    actions.refuse(op_id=uuid4(), withholding=asked.pk, reason="没有写到谁", by=kept.user(Role.COUNTY_OFFICE))
    entry.refresh_from_db()
    assert PLANTED in entry.text
    assert ask(entry, by=township).pk != asked.pk


def test_second_request_and_second_decision_are_told(kept: World) -> None:
    entry, office = free_entry(kept), kept.user(Role.COUNTY_OFFICE)
    asked = ask(entry, by=kept.user(Role.TOWNSHIP))
    with pytest.raises(Refused, match="已经有人申请"):
        ask(entry, by=office)
    actions.grant(op_id=uuid4(), withholding=asked.pk, by=office)
    for act in (actions.grant, lambda **given: actions.refuse(reason="晚了", **given)):
        with pytest.raises(Refused, match="已经有了决定"):
            act(op_id=uuid4(), withholding=asked.pk, by=office)
    with pytest.raises(Refused, match="已经不再公开"):
        ask(PointEntry.objects.get(pk=entry.pk), by=office)


@pytest.mark.parametrize("wrong", [{"ground": "because"}, {"public_reason": "mine"}, {"why": " "}, {"why": "长" * 201}])
def test_request_without_ground_or_reason_is_refused(kept: World, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        ask(free_entry(kept), by=kept.user(Role.TOWNSHIP), **wrong)
    assert list(refused.value.fields) == list(wrong)
    assert Withholding.objects.count() == 0


def test_stranger_finds_no_words_to_ask_about(kept: World) -> None:
    for by in (kept.stranger(Role.TOWNSHIP), kept.user(Role.CADRE)):
        with pytest.raises(Refused):
            ask(
                free_entry(kept)
                if not PointEntry.objects.filter(kind="adjust")
                else PointEntry.objects.get(kind="adjust"),
                by=by,
            )
    assert Withholding.objects.count() == 0


def test_failing_log_leaves_the_words(kept: World) -> None:
    entry = free_entry(kept)
    asked = ask(entry, by=kept.user(Role.TOWNSHIP))
    with audit_down():
        actions.grant(op_id=uuid4(), withholding=asked.pk, by=kept.user(Role.COUNTY_OFFICE))
    entry.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.state, PLANTED in entry.text) == ("asked", True)


def test_words_cannot_be_changed_past_the_act(kept: World) -> None:
    entry, ranking = free_entry(kept), free_ranking(kept)
    ask(entry, by=kept.user(Role.TOWNSHIP))
    broken(lambda: PointEntry.objects.filter(pk=entry.pk).update(text=SHOWN), "append-only")
    broken(lambda: RankingSnapshot.objects.filter(pk=ranking.pk).update(reason=SHOWN_RANKING), "append-only")
    withheld(kept, ranking)
    broken(lambda: RankingSnapshot.objects.filter(pk=ranking.pk).update(reason="别的"), "append-only")
    broken(lambda: RankingSnapshot.objects.filter(pk=ranking.pk).update(body="[]"), "append-only")


def test_decision_is_for_good(kept: World) -> None:
    asked = withheld(kept, free_entry(kept))
    broken(lambda: Withholding.objects.filter(pk=asked.pk).update(state="asked"), "decided once")
    broken(lambda: Withholding.objects.filter(pk=asked.pk).update(digest=bytes(32)), "decided once")
    broken(asked.delete, "append-only")


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE scoring_pointentry SET amount = 6 WHERE kind = 'adjust'", "withheld"),
        ("UPDATE scoring_pointentry SET text = '人工调整：别的' WHERE kind = 'adjust'", "links"),
        ("UPDATE scoring_withholding SET digest = sha256('x')", "links"),
        ("DELETE FROM scoring_withholding", "links"),
    ],
)
def test_tampering_with_a_withheld_row_is_named(kept: World, statement: str, name: str) -> None:
    withheld(kept, free_entry(kept))
    assert drifts() == []
    tamper(statement)
    assert name in drifts()


def test_words_that_only_claim_to_be_withheld_are_named(kept: World) -> None:
    entry, ranking = free_entry(kept), free_ranking(kept)
    tamper(f"UPDATE scoring_pointentry SET text = '{SHOWN}' WHERE id = {entry.pk}")
    assert "links" in drifts()
    tamper(f"UPDATE scoring_rankingsnapshot SET reason = '{SHOWN_RANKING}' WHERE id = {ranking.pk}")
    assert "withheld" in drifts()


def test_decision_is_told_who_asked_and_the_household_behind_its_plate_alone(kept: World) -> None:
    asked = withheld(kept, free_entry(kept))
    said = f"您这里申请的依法不再公开（第 {asked.pk} 号）：已不再公开。"
    assert told(kept.user(Role.TOWNSHIP))[0].words == said
    message = OutboxMessage.objects.get(kind="withholding.granted")
    assert (message.household, message.quiet) == (HOME.code, True)
    withheld(kept, free_ranking(kept))
    assert OutboxMessage.objects.filter(kind="withholding.granted").count() == 1


def test_refused_request_changes_nothing_for_the_household_and_tells_it_nothing(kept: World) -> None:
    asked = ask(free_entry(kept), by=kept.user(Role.TOWNSHIP))
    actions.refuse(op_id=uuid4(), withholding=asked.pk, reason="可以公开", by=kept.user(Role.COUNTY_OFFICE))
    assert told(kept.user(Role.TOWNSHIP))[0].words == f"您这里申请的依法不再公开（第 {asked.pk} 号）：不同意。"
    assert not OutboxMessage.objects.filter(kind="withholding.granted").exists()
