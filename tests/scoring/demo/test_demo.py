"""The demo, loaded whole into a county cut down to two townships."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from households.codes import Level
from households.models import (
    Alarm,
    AwaySpell,
    BorderKind,
    BorderOrder,
    Department,
    Division,
    Household,
    HouseholdChange,
    HouseholdProposal,
    KinTie,
    Plate,
    User,
)
from households.months import last_day, month_of, shift
from households.plates.actions.plates import check_pin
from households.roles import Role
from scoring.demo import lives, story
from scoring.models import (
    DivisionScore,
    EventPhoto,
    HouseholdScore,
    Mark,
    Objection,
    RankingSnapshot,
    Review,
    ScoreEvent,
    Sheet,
)
from scoring.objection_states import ObjectionState
from scoring.rankings.rankings import ranking
from tests.scoring.demo.small_demo import load_small


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo loaded once for all tests of this module; what its paper says."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_small(folder)
        transaction.set_rollback(True)


@pytest.fixture
def paper(demo: str, db: None) -> str:
    """What the paper says."""
    return demo


@pytest.fixture
def months() -> list[str]:
    """The four months of the small demo, oldest first."""
    current = month_of(timezone.localdate())
    return [shift(current, back) for back in (-3, -2, -1, 0)]


def states(month: str) -> set[str]:
    return set(Sheet.objects.filter(period=month).values_list("state", flat=True))


def test_pages_of_photos_and_alarms_have_rows(paper: str, months: list[str]) -> None:
    """Photos stand at an event that can still be looked at, and every kind of alarm stands on the page."""
    photos = EventPhoto.objects.filter(withdrawn_at=None)
    assert {photo.event.period_id for photo in photos} == {months[-1]} and len(photos) >= 2
    assert Alarm.objects.unseen().count() == 2
    assert Alarm.objects.standing("seen").count() == Alarm.objects.standing("closed").count() == 1
    assert all("演示" in alarm.where for alarm in Alarm.objects.all())


def test_two_villages_are_one_since_this_month_and_months_before_keep_both(paper: str, months: list[str]) -> None:
    order = BorderOrder.objects.get()
    line = order.lines.get(kind=BorderKind.MERGE)
    assert order.counts_from == timezone.localdate()
    for month in months[:2]:
        ranked = {one.code for one in ranking(month, Level.VILLAGE, within=story.COUNTY)}
        assert {line.old_id, line.new_id} <= ranked
    now = {one.code for one in ranking(months[-1], Level.VILLAGE, within=story.COUNTY)}
    assert line.new_id in now and line.old_id not in now
    assert not Household.objects.active(timezone.localdate()).filter(code__startswith=line.old_id).exists()


def test_two_months_are_frozen_with_rankings(paper: str, months: list[str]) -> None:
    for month in months[:2]:
        assert states(month) == {"frozen"}
        assert RankingSnapshot.objects.filter(month=month, level="village").exists()
        county = DivisionScore.objects.get(month=month, code=story.COUNTY)
        assert county.households == county.active == Household.objects.active(last_day(month)).count()


def test_objections_have_been_through_both_instances(paper: str, months: list[str]) -> None:
    found = dict(Objection.objects.filter(period=months[1]).values_list("state", "blocks"))
    assert found.keys() == {"upheld", "dismissed", "withdrawn", "second"} and found["second"] is False
    assert KinTie.objects.exists()


def test_objections_stand_in_every_state(paper: str) -> None:
    assert set(Objection.objects.values_list("state", flat=True)) == set(ObjectionState)


def test_month_before_is_in_review(paper: str, months: list[str]) -> None:
    found = dict(Sheet.objects.filter(period=months[2]).values_list("village", "state"))
    here, there = User.objects.filter(role=Role.CADRE).order_by("username").values_list("division", flat=True)
    assert (found[here], found[there]) == ("declared", "open")
    assert Review.objects.filter(sheet__period=months[2], sheet__village=there, decision="return").exists()
    assert "reviewed" in found.values()


def test_month_under_way_is_partly_declared(paper: str, months: list[str]) -> None:
    assert {"open", "declared"} <= states(months[3])
    declared = Sheet.objects.filter(period=months[3], state="declared").count()
    assert declared == Division.objects.filter(code__regex="^.{12}$").count() // 3


def test_events_are_of_every_kind_and_fate(paper: str) -> None:
    events = ScoreEvent.objects.all()
    assert set(events.values_list("kind", flat=True)) == {"deduct", "remind", "bonus"}
    assert events.pending().exists()
    assert events.exclude(withdrawn_at=None).exists()
    assert events.exclude(code__regex="^.{18}$").exists()
    assert set(events.values_list("source", flat=True)) == {"finding", "import", "sheet"}


def test_events_never_lie_in_the_future(paper: str) -> None:
    assert not ScoreEvent.objects.filter(date__gt=timezone.localdate()).exists()


def test_petition_clauses_are_the_petition_office_s_own(paper: str) -> None:
    own = ScoreEvent.objects.filter(clause__recorder="petition_office")
    assert set(own.values_list("recorded_by__role", flat=True)) == {Role.PETITION_OFFICE}
    assert not own.filter(kind="deduct").exists()


def test_every_village_has_a_department(paper: str) -> None:
    villages = Division.objects.filter(code__regex="^.{12}$")
    assert Department.objects.count() == 104
    assert not villages.exclude(linkages__from_month__lte=month_of(timezone.localdate())).exists()


def test_every_role_can_sign_in_with_what_the_paper_says(paper: str) -> None:
    passwords = {
        line.split()[1]: line.split()[2] for line in paper.splitlines() if line.count("-") == 2 and "/h/" not in line
    }
    users = User.objects.all()
    assert set(users.values_list("role", flat=True)) == set(Role)
    assert all(user.is_demo and user.check_password(passwords[user.username]) for user in users)
    assert users.filter(role=Role.CADRE).values("division").distinct().count() == 2


def test_four_plates_open_with_what_the_paper_says(paper: str) -> None:
    doors = [line.split()[-2:] for line in paper.splitlines() if "/h/" in line]
    assert len(doors) == 4
    for path, pin in doors:
        assert check_pin(Plate.objects.get(token=path.split("/")[2]), pin).ok


def test_whole_demo_village_has_plates(paper: str) -> None:
    village = User.objects.get(username="cunganbu1").division_id
    here = Household.objects.filter(code__startswith=village, valid_to=None)
    assert Plate.objects.count() == here.count() == story.SHOWN_SIZES[0] - 1  # one split off, one merged, one closed


def test_households_of_the_demo_have_a_life(paper: str) -> None:
    assert set(HouseholdChange.objects.filter(order=None).values_list("kind", flat=True)) == {"split", "merge", "close"}
    assert HouseholdProposal.objects.get().state == "waiting" and AwaySpell.objects.count() == lives.AWAY


def test_most_plates_of_the_demo_were_opened_and_some_never(paper: str) -> None:
    opened = Plate.objects.exclude(opened_at=None).count()
    assert Plate.objects.count() / 2 < opened < Plate.objects.count()


def test_nothing_is_left_to_roll_up(paper: str) -> None:
    assert not Mark.objects.exists()
    assert HouseholdScore.objects.exists()


def test_a_posted_month_frozen_with_force_is_told_apart_from_one_frozen_in_due_course(
    paper: str, months: list[str]
) -> None:
    _here, there = User.objects.filter(role=Role.CADRE).order_by("username").values_list("division", flat=True)
    posted = Sheet.objects.filter(period=months[1]).exclude(posted_at=None)
    assert posted.get(village=there).forced
    assert posted.filter(forced=False).exists()
    assert not Sheet.objects.filter(period=months[0], forced=False).exists()
