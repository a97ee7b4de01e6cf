"""Two phones of one household, a phone and a slip, a voice and the count: at once. Each guard has a twin without it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.roles import Role
from rewards.models import Ballot, Project, Slip, Voice, VoiceEntry
from rewards.projects.actions import ballots
from rewards.projects.actions.ballots import choose, hand_out_slip, key_slip, open_ballot, result_of, settle_ballot
from tests.rewards.projects.at_once import at_once
from tests.rewards.projects.village_works import fresh, listed
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def needs(world: World) -> list[Project]:
    return listed(world, "路", "渠")


def two_phones(world: World, ballot: Ballot, needs: list[Project]) -> list[object]:
    acts = [lambda need=need: choose(ballot=ballot, household=world.household, picks=[need.pk]) for need in needs]
    return at_once(ballot, *acts)


def test_two_phones_of_one_household_are_one_voice(world: World, ballot: Ballot, needs: list[Project]) -> None:
    got = two_phones(world, ballot, needs)
    assert all(isinstance(each, Voice) for each in got)
    voice = Voice.objects.get()
    assert [entry.number for entry in VoiceEntry.objects.all()] == [1, 2]
    assert voice.picks == VoiceEntry.objects.get(number=2).picks


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballots, "locked", lambda ballot: Ballot.objects.get(pk=ballot.pk))


def test_without_the_lock_the_second_phone_meets_the_constraint(
    world: World, ballot: Ballot, needs: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: both find no voice yet and write one; the second gets an error instead of its change."""
    without_lock(monkeypatch)
    got = two_phones(world, ballot, needs)
    assert sorted("voice" if isinstance(each, Voice) else each for each in got) == ["IntegrityError", "voice"]


def test_phone_and_slip_at_once_are_one_voice(world: World, ballot: Ballot, needs: list[Project]) -> None:
    got = at_once(
        ballot,
        lambda: choose(ballot=ballot, household=world.household, picks=[needs[0].pk]),
        lambda: hand_out_slip(ballot=ballot, household=world.household, by=None),
    )
    codes = {each for each in got if isinstance(each, str)}
    assert len(codes) == 1
    assert codes <= {"voice_on_paper", "voice_taken"}
    assert Voice.objects.count() == 1


def test_one_slip_handed_out_is_not_keyed_twice(world: World, ballot: Ballot, needs: list[Project]) -> None:
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    cadre = world.user(Role.CADRE)
    acts = [lambda n=n: key_slip(ballot=ballot, number=n, picks=[needs[0].pk], by=cadre) for n in (1, 2)]
    got = at_once(ballot, *acts)
    assert [each for each in got if isinstance(each, str)] == ["too_many_slips"]
    assert Slip.objects.count() == 1


def test_without_the_lock_the_box_holds_more_slips_than_were_handed_out(
    world: World, ballot: Ballot, needs: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: both count the slips before either is there."""
    without_lock(monkeypatch)
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    cadre = world.user(Role.CADRE)
    at_once(ballot, *(lambda n=n: key_slip(ballot=ballot, number=n, picks=[], by=cadre) for n in (1, 2)))
    assert Slip.objects.count() == 2


def test_voice_that_waited_for_the_count_is_told(world: World, ballot: Ballot, needs: list[Project]) -> None:
    """A voice is counted, or its household is told that it came too late: never taken and left out."""
    end = ballot.closes_at
    before = end - timedelta(seconds=1)
    got = at_once(
        ballot,
        lambda: settle_ballot(ballot=ballot, at=end, by=None),
        lambda: choose(ballot=ballot, household=world.household, picks=[needs[0].pk], at=before),
    )
    counted = sum(result_of(fresh(ballot)).values())
    assert counted == Voice.objects.count()
    assert ("ballot_ended" in got) == (counted == 0)


def test_two_who_publish_at_once_publish_once(world: World, ballot: Ballot, needs: list[Project]) -> None:
    choose(ballot=ballot, household=world.household, picks=[needs[0].pk])
    got = at_once(ballot, *[lambda: settle_ballot(ballot=ballot, at=ballot.closes_at, by=None)] * 2)
    assert [each for each in got if isinstance(each, str)] == ["ballot_ended"]
    assert fresh(needs[0]).steps.filter(action="choose").count() == 1


def test_two_ballots_opened_at_once_are_one(world: World, needs: list[Project]) -> None:
    end = timezone.now() + timedelta(days=1)
    ask = {"village": world.village, "title": "先办哪件", "closes_at": end, "by": None}
    got = at_once(world.village, *(lambda need=need: open_ballot(projects=[need], **ask) for need in needs))
    assert [each for each in got if isinstance(each, str)] == ["ballot_running"]
    assert Ballot.objects.count() == 1
