"""Every rule that the database holds about projects, money and ballots, each with a row that breaks it; and every trigger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.roles import Role
from rewards.models import (
    Acceptance,
    Allocation,
    Award,
    Ballot,
    BallotOption,
    Milestone,
    Payment,
    Project,
    Slip,
    Voice,
    VoiceEntry,
)
from rewards.projects.actions.ballots import choose, hand_out_slip, key_slip
from rewards.projects.actions.payments import pay, reverse_payment
from tests.constraints import broken, raw
from tests.rewards.projects.village_works import DAY, accepted, asked, award, bill, building, finished, listed, settled
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"title": ""}, "milestone_named"),
        ({"title": "路基平整"}, "milestone_title_once"),
    ],
)
def test_milestone_is_named_once(world: World, wrong: dict[str, str], name: str) -> None:
    project, _ = building(world)
    broken(lambda: Milestone.objects.create(project=project, due=DAY, **wrong), name)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"fen": 0, "note": "零"}, "allocation_moves_money"),
        ({"fen": -5}, "allocation_back_says_why"),
    ],
)
def test_allocation_moves_money_and_says_why_it_goes_back(world: World, wrong: dict[str, object], name: str) -> None:
    project, given = building(world)
    broken(lambda: Allocation.objects.create(award=given, project=project, **wrong), name)


PAYMENT = {"payee_kind": "company", "payee": "建筑公司", "voucher_no": "付9", "paid_on": DAY, "fen": 5}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"fen": 0}, "payment_negative_reverses"),
        ({"fen": -5}, "payment_negative_reverses"),
        ({"voucher_no": ""}, "payment_has_voucher"),
        ({"payee": ""}, "payment_has_voucher"),
        ({"payee_kind": "cousin"}, "payment_payee_known"),
        ({"voucher_no": "付1"}, "payment_voucher_once"),
    ],
)
def test_payment_names_payee_and_voucher(world: World, wrong: dict[str, object], name: str) -> None:
    project, _ = building(world)
    pay(project=project, bill=bill(5, "付1"), by=None)
    broken(lambda: Payment.objects.create(project=project, **PAYMENT | wrong), name)


def test_payment_is_reversed_by_one_row_only(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(5, "付1"), by=None)
    reverse_payment(payment=payment, voucher_no="冲1", reason="付错", on=DAY, by=None)
    again = PAYMENT | {"fen": -5, "reverses": payment, "note": "再冲一次"}
    broken(lambda: Payment.objects.create(project=project, **again), "reverses_id")


@pytest.mark.parametrize(
    ("wrong", "name"), [({"remarks": ""}, "acceptance_has_remarks"), ({"remarks": "好"}, "acceptance_once_per_round")]
)
def test_acceptance_has_remarks_and_is_said_once(world: World, wrong: dict[str, str], name: str) -> None:
    project = finished(world)
    words = {"project": project, "round": 1, "by": world.user(Role.SUPERVISOR), "supervisor": True, "passed": True}
    Acceptance.objects.create(**words, remarks="好")
    broken(lambda: Acceptance.objects.create(**words, **wrong), name)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"title": ""}, "ballot_titled"),
        ({"picks": 0}, "ballot_picks_something"),
        ({"places": 0}, "ballot_picks_something"),
        ({"households": []}, "ballot_has_households"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "ballot_ends_after_it_began"),
        ({"call_off_reason": "没有日期"}, "ballot_called_off_says_why"),
        ({"called_off_at": timezone.now()}, "ballot_called_off_says_why"),
        ({"village_id": "430726201"}, "ballot_of_a_village"),
    ],
)
def test_ballot_asks_something_of_somebody(world: World, wrong: dict[str, object], name: str) -> None:
    right = {
        "village": world.village,
        "title": "先办哪件",
        "picks": 1,
        "places": 1,
        "households": ["430726201201010001"],
        "closes_at": timezone.now() + timedelta(days=1),
    }
    if "village_id" in wrong:
        right.pop("village")
    broken(lambda: Ballot.objects.create(**right | wrong), name)


def test_village_has_one_ballot_at_a_time(world: World) -> None:
    ballot = asked(world, listed(world))
    twin = {name: getattr(ballot, name) for name in ("village", "title", "picks", "places", "households", "closes_at")}
    broken(lambda: Ballot.objects.create(**twin), "ballot_one_at_a_time")


@pytest.fixture
def ballot(world: World) -> Ballot:
    """With a voice by phone, a household on paper and a slip of it."""
    needs = listed(world, "路", "渠")
    ballot = asked(world, needs)
    choose(ballot=ballot, household=world.household, picks=[needs[0].pk])
    hand_out_slip(ballot=ballot, household=world.households[1], by=world.user(Role.CADRE))
    key_slip(ballot=ballot, number=1, picks=[needs[1].pk], by=world.user(Role.CADRE))
    return ballot


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"project_position": 1}, "option_position_once"),
        ({"project_position": 3}, "option_once_per_ballot"),
    ],
)
def test_option_stands_once_in_its_place(world: World, ballot: Ballot, wrong: dict[str, int], name: str) -> None:
    project = ballot.options.first().project if wrong["project_position"] == 3 else listed(world, "灯")[0]
    fields = {"ballot": ballot, "project": project, "position": wrong["project_position"], "estimate_fen": 5}
    broken(lambda: BallotOption.objects.create(**fields), name)


@pytest.mark.parametrize(
    ("channel", "picks", "marked"), [("pin", [], False), ("paper", [0], True), ("pin", [0], True), ("dove", [0], False)]
)
def test_voice_is_by_phone_with_picks_or_on_paper_without(
    world: World, ballot: Ballot, channel: str, picks: list[int], marked: bool
) -> None:
    options = list(ballot.options.values_list("project", flat=True))
    fields = {
        "household": world.households[4],
        "channel": channel,
        "picks": [options[number] for number in picks],
        "marked_by": world.user(Role.CADRE) if marked else None,
    }
    broken(lambda: Voice.objects.create(ballot=ballot, **fields), "voice_paper_holds_no_picks")


def test_household_has_one_voice(world: World, ballot: Ballot) -> None:
    picks = [ballot.options.first().project_id]
    again = {"ballot": ballot, "household": world.household, "channel": "pin", "picks": picks}
    broken(lambda: Voice.objects.create(**again), "voice_one_per_household")


@pytest.mark.parametrize(("number", "picks", "name"), [(1, [1], "voice_entry_once"), (2, [], "voice_entry_picks")])
def test_what_was_said_is_numbered_and_not_empty(ballot: Ballot, number: int, picks: list[int], name: str) -> None:
    voice = ballot.voices.get(channel="pin")
    broken(lambda: VoiceEntry.objects.create(voice=voice, number=number, picks=picks), name)


@pytest.mark.parametrize(("number", "name"), [(0, "slip_numbered"), (1, "slip_number_once")])
def test_slip_has_a_number_of_its_own(world: World, ballot: Ballot, number: int, name: str) -> None:
    broken(lambda: Slip.objects.create(ballot=ballot, number=number, keyed_by=world.user(Role.CADRE)), name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("confirmed_at = now()", "slip_confirmed_by_another"),
        ("confirmed_at = now(), confirmed_by_id = keyed_by_id", "slip_confirmed_by_another"),
        ("struck_at = now()", "slip_struck_or_confirmed"),
        ("picks = '{}'", "struck and keyed anew"),
        ("number = 2", "struck and keyed anew"),
    ],
)
def test_slip_is_confirmed_by_another_or_struck_never_edited(ballot: Ballot, change: str, name: str) -> None:
    broken(raw(f"UPDATE rewards_slip SET {change} WHERE ballot_id = {ballot.pk}"), name)


@pytest.mark.parametrize("table", ["project", "ballot", "voice", "slip"])
def test_row_is_never_deleted(ballot: Ballot, table: str) -> None:
    broken(raw(f"DELETE FROM rewards_{table}"), "append-only")
    broken(raw(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE rewards_{table} CASCADE"), "append-only")


@pytest.mark.parametrize("table", ["projectstep", "ballotoption", "voiceentry"])
def test_row_is_never_edited(ballot: Ballot, table: str) -> None:
    broken(raw(f"UPDATE rewards_{table} SET id = id"), "append-only")
    broken(raw(f"DELETE FROM rewards_{table}"), "append-only")


@pytest.mark.parametrize("change", ["title = '另一个题目'", "picks = 2", "settled_at = NULL", "closes_at = closes_at"])
def test_settled_ballot_stands(world: World, change: str) -> None:
    ballot = asked(world, listed(world))
    settled(ballot)
    broken(raw(f"UPDATE rewards_ballot SET {change} WHERE id = {ballot.pk}"), "never changes its question")


def test_award_of_projects_never_goes_below_nothing(world: World) -> None:
    given = award(world)
    broken(lambda: Award.objects.filter(pk=given.pk).update(committed_fen=-1), "award_committed_within_amount")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "closed"}, "project_closed_is_paid"),
        ({"budget_fen": None}, "project_budget"),
        ({"approval_no": ""}, "project_budget_comes_with_approval"),
        ({"state": "listed"}, "project_budget_comes_with_approval"),
    ],
)
def test_accepted_project_keeps_its_budget(world: World, change: dict[str, object], name: str) -> None:
    project = accepted(world)
    broken(lambda: Project.objects.filter(pk=project.pk).update(**change), name)
