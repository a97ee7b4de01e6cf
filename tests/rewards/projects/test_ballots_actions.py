"""The residents' choice: one voice a household, kept secret, counted at the end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.models import Household
from households.roles import Role
from rewards.models import Ballot, Project, Slip, Voice
from rewards.projects.actions.ballots import (
    call_off,
    check_slip,
    choose,
    hand_out_slip,
    key_slip,
    open_ballot,
    result_of,
    settle_ballot,
)
from tests.refusals import refused
from tests.rewards.projects.village_works import asked, fresh, listed, settled
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs(world: World) -> list[Project]:
    return listed(world, "路", "渠", "灯")


def voted(ballot: Ballot, household: Household, *projects: Project) -> Voice:
    return choose(ballot=ballot, household=household, picks=[project.pk for project in projects])


def key(world: World, ballot: Ballot, number: int, *projects: Project) -> Slip:
    picks = [project.pk for project in projects]
    return key_slip(ballot=ballot, number=number, picks=picks, by=world.user(Role.CADRE))


def check(world: World, slip: Slip, *projects: Project) -> Slip:
    return check_slip(slip=slip, picks=[project.pk for project in projects], by=world.user(Role.SUPERVISOR))


def test_households_of_record_are_those_on_the_register(world: World, ballot: Ballot) -> None:
    assert ballot.households == [household.code for household in world.households]


def test_household_that_came_later_has_no_voice(world: World, needs: list[Project]) -> None:
    last = world.households[-1]
    Household.objects.filter(pk=last.pk).update(valid_from=timezone.localdate() + timedelta(days=3))
    ballot = asked(world, needs)
    refused("not_of_record", lambda: voted(ballot, last, needs[0]))


def test_neighbour_has_no_voice(world: World, needs: list[Project], ballot: Ballot) -> None:
    neighbour = Household.objects.get(head_name="周西河")
    refusal = refused("not_of_record", lambda: voted(ballot, neighbour, needs[0]))
    assert refusal.status == 403
    assert not Voice.objects.exists()


def test_first_voice_stands_and_may_be_changed(world: World, needs: list[Project], ballot: Ballot) -> None:
    voted(ballot, world.household, needs[0])
    voice = voted(ballot, world.household, needs[2])
    assert (voice.picks, voice.changes, ballot.voices.count()) == ([needs[2].pk], 1, 1)
    assert [entry.picks for entry in voice.entries.all()] == [[needs[0].pk], [needs[2].pk]]


def test_saying_the_same_again_writes_nothing(world: World, needs: list[Project], ballot: Ballot) -> None:
    voted(ballot, world.household, needs[0])
    assert voted(ballot, world.household, needs[0]).entries.count() == 1


def test_nothing_is_chosen_after_the_end(world: World, needs: list[Project], ballot: Ballot) -> None:
    late = {"ballot": ballot, "household": world.household, "at": ballot.closes_at}
    refused("ballot_over", lambda: choose(picks=[needs[0].pk], **late))
    refused("ballot_over", lambda: hand_out_slip(by=None, **late))


def test_picks_are_options_and_not_too_many(world: World, needs: list[Project], ballot: Ballot) -> None:
    refused("picks", lambda: voted(ballot, world.household))
    refused("picks", lambda: voted(ballot, world.household, needs[0], needs[1]))
    refused("not_an_option", lambda: choose(ballot=ballot, household=world.household, picks=[10**9]))


def test_several_picks_where_several_are_allowed(world: World, needs: list[Project]) -> None:
    ballot = asked(world, needs, picks=2)
    assert voted(ballot, world.household, needs[2], needs[0]).picks == sorted([needs[0].pk, needs[2].pk])


def test_paper_and_phone_are_one_voice(world: World, needs: list[Project], ballot: Ballot) -> None:
    first, second, *_ = world.households
    hand_out_slip(ballot=ballot, household=first, by=world.user(Role.CADRE))
    refused("voice_on_paper", lambda: voted(ballot, first, needs[0]))
    voted(ballot, second, needs[0])
    refused("voice_taken", lambda: hand_out_slip(ballot=ballot, household=second, by=None))
    refused("voice_taken", lambda: hand_out_slip(ballot=ballot, household=first, by=None))


def test_slip_names_no_household(world: World, needs: list[Project], ballot: Ballot) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    slip = key(world, ballot, 1, needs[1])
    assert not [field.name for field in Slip._meta.get_fields() if "household" in field.name]
    assert Voice.objects.get(household=world.household).picks == []
    assert slip.picks == [needs[1].pk]


def test_no_more_slips_than_were_handed_out(world: World, needs: list[Project], ballot: Ballot) -> None:
    refused("too_many_slips", lambda: key(world, ballot, 1, needs[0]))
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    key(world, ballot, 1, needs[0])
    refused("too_many_slips", lambda: key(world, ballot, 2, needs[0]))


def test_slip_number_is_keyed_once(world: World, needs: list[Project], ballot: Ballot) -> None:
    for household in world.households[:2]:
        hand_out_slip(ballot=ballot, household=household, by=None)
    key(world, ballot, 1, needs[0])
    refused("slip_twice", lambda: key(world, ballot, 1, needs[0]))


def test_second_person_reads_the_slip_again(world: World, needs: list[Project], ballot: Ballot) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    slip = key(world, ballot, 1, needs[0])
    own = world.user(Role.CADRE)
    refused("second_person", lambda: check_slip(slip=slip, picks=slip.picks, by=own))
    refused("slips_waiting", lambda: settled(ballot))
    assert check(world, slip, needs[0]).confirmed_by == world.user(Role.SUPERVISOR)
    refused("slip_checked", lambda: check(world, slip, needs[0]))


def test_slip_read_differently_is_struck_and_keyed_anew(world: World, needs: list[Project], ballot: Ballot) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    assert check(world, key(world, ballot, 1, needs[0]), needs[1]).struck_at
    check(world, key(world, ballot, 1, needs[1]), needs[1])
    settled(ballot)
    assert result_of(fresh(ballot)) == {needs[0].pk: 0, needs[1].pk: 1, needs[2].pk: 0}


def test_spoiled_slip_counts_for_nothing(world: World, needs: list[Project], ballot: Ballot) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    check(world, key(world, ballot, 1))
    assert settled(ballot) == []


def test_result_counts_phones_and_slips(world: World, needs: list[Project], ballot: Ballot) -> None:
    first, second, third, *_ = world.households
    voted(ballot, first, needs[1])
    voted(ballot, second, needs[0])
    hand_out_slip(ballot=ballot, household=third, by=None)
    check(world, key(world, ballot, 1, needs[1]), needs[1])
    [won] = settled(ballot)
    assert (won.title, won.state) == ("渠", "chosen")
    assert result_of(fresh(ballot)) == {needs[0].pk: 1, needs[1].pk: 2, needs[2].pk: 0}
    assert "2 票" in won.steps.last().note


def test_nobody_learns_how_it_stands_before_the_end(world: World, needs: list[Project], ballot: Ballot) -> None:
    voted(ballot, world.household, needs[0])
    assert result_of(ballot) == {}
    refused("ballot_open", lambda: settle_ballot(ballot=ballot, by=None))


def test_several_places_go_to_the_first(world: World, needs: list[Project]) -> None:
    ballot = asked(world, needs, picks=2, places=2)
    voted(ballot, world.households[0], needs[1], needs[2])
    assert [project.title for project in settled(ballot)] == ["渠", "灯"]


def test_ended_ballot_is_still(world: World, needs: list[Project], ballot: Ballot) -> None:
    settled(ballot)
    refused("ballot_ended", lambda: settled(ballot))
    refused("ballot_ended", lambda: voted(ballot, world.household, needs[0]))
    refused("ballot_ended", lambda: call_off(ballot=ballot, reason="重来", by=None))


def test_ballot_called_off_gives_the_needs_back(world: World, needs: list[Project], ballot: Ballot) -> None:
    refused("text_missing", lambda: call_off(ballot=ballot, reason=" ", by=None))
    assert call_off(ballot=ballot, reason="漏列了一项", by=None).ended
    assert asked(world, needs).pk != ballot.pk
    assert result_of(fresh(ballot)) == {}


def test_one_ballot_at_a_time(world: World, needs: list[Project], ballot: Ballot) -> None:
    refused("ballot_running", lambda: asked(world, needs))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"picks": 4}, "ballot_picks"),
        ({"places": 0}, "ballot_picks"),
        ({"projects": []}, "ballot_options"),
        ({"title": ""}, "text_missing"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "ballot_over"),
    ],
)
def test_question_that_makes_no_sense_is_refused(
    world: World, needs: list[Project], wrong: dict[str, object], code: str
) -> None:
    right = {"title": "先办哪件", "projects": needs, "closes_at": timezone.now() + timedelta(days=1)}
    refused(code, lambda: open_ballot(village=world.village, by=None, **{**right, **wrong}))
    assert not Ballot.objects.exists()


def test_needs_of_another_village_are_no_options(world: World, needs: list[Project]) -> None:
    strange = listed(world, "井", village=world.sister)
    refused("ballot_options", lambda: asked(world, [*needs, *strange]))


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO rewards_voice (ballot_id, household_id, channel, picks, changes, at) VALUES"
            " ({ballot}, '430726201202010001', 'pin', ARRAY[{project}], 0, now())"
        ),
        (
            "INSERT INTO rewards_voice (ballot_id, household_id, channel, picks, changes, at) VALUES"
            " ({ballot}, '430726201201010002', 'pin', ARRAY[1000000000], 0, now())"
        ),
        (
            "INSERT INTO rewards_voice (ballot_id, household_id, channel, picks, changes, at) VALUES"
            " ({ballot}, '430726201201010001', 'pin', ARRAY[{project}], 0, now())"
        ),
        "UPDATE rewards_voice SET channel = 'paper', picks = '{{}}'",
        "UPDATE rewards_voiceentry SET picks = '{{1}}'",
        "DELETE FROM rewards_voice",
        "UPDATE rewards_ballot SET places = 2",
        "UPDATE rewards_ballot SET households = households[2:]",
        "UPDATE rewards_ballot SET settled_at = now(), called_off_at = now(), call_off_reason = '重来'",
        "DELETE FROM rewards_ballotoption",
    ],
)
def test_database_refuses_what_no_voice_can_be(
    world: World, needs: list[Project], ballot: Ballot, statement: str
) -> None:
    voted(ballot, world.household, needs[0])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(ballot=ballot.pk, project=needs[0].pk))


def test_voice_after_the_result_is_refused_by_the_database_too(
    world: World, needs: list[Project], ballot: Ballot
) -> None:
    voice = voted(ballot, world.household, needs[0])
    settled(ballot)
    with pytest.raises(IntegrityError, match="has ended"), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(picks=[needs[1].pk])
