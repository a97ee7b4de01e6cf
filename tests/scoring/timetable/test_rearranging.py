"""A day that moves because a holiday was entered is told to who was told the old one: posts the new day, households that it moved."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from households.inbox.reads import told
from households.models import OutboxMessage, PostMessage, User
from households.months import spoken_with_year
from households.roles import Role
from households.workdays.workdays import Arranged, supposing
from scoring.models import Objection
from scoring.months.months import calendar_of, sheet_of
from scoring.objections import rearranging as objections
from scoring.objections.actions.moving import hand_on
from scoring.timetable import rearranging as months
from tests.days import this_month, today
from tests.scoring.notices.posting import DAY, POSTED, posted
from tests.scoring.objections.objecting import ONE, THREE, objected, ruled
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db


def day_off(day: date) -> AbstractContextManager[None]:
    """The county has entered that offices are closed on a day, and on no others of that year but weekends."""
    return supposing(Arranged(frozenset({day.year, day.year + 1}), {day: "国庆节", day + timedelta(days=1): "国庆节"}))


def words(user: User) -> list[str]:
    return [one.words for one in told(user)]


def kinds() -> set[str]:
    return set(PostMessage.objects.values_list("kind", flat=True))


@pytest.fixture
def objection(world: World) -> Objection:
    """Filed behind the plate against what the group leader recorded; nothing of it told yet."""
    event = world.record(ONE, "WR02", by=world.user(Role.GROUP_LEADER), day=DAY)
    posted(world)
    filed = objected(world, event.pk, month=POSTED)
    PostMessage.objects.all().delete()
    OutboxMessage.objects.all().delete()
    return Objection.objects.get(pk=filed["id"])


def counted_anew(objection: Objection) -> date:
    old = objection.due_on
    with day_off(old):
        assert objections.count_anew(old.year) == 1
    objection.refresh_from_db()
    assert objection.due_on > old
    return objection.due_on


def test_open_objection_is_due_anew_and_told_the_panel_and_the_household(world: World, objection: Objection) -> None:
    day = counted_anew(objection)
    said = f"放假安排变了，异议 {objection.number} 的期限改到{spoken_with_year(day)}。"
    assert words(world.user(Role.CADRE)) == words(world.user(Role.SUPERVISOR)) == [said]
    assert words(world.user(Role.TOWNSHIP)) == words(world.stranger(Role.CADRE)) == []
    [message] = OutboxMessage.objects.all()
    assert (message.kind, message.household) == ("objection.due_moved", ONE)
    page = world.client(Role.CADRE).get("/inbox/").content.decode()
    assert said in page and reverse("objection", args=[objection.pk]) in page


def test_same_arrangement_once_more_moves_and_tells_nothing(objection: Objection) -> None:
    day = objection.due_on
    with day_off(day):
        assert [objections.count_anew(day.year) for _ in range(2)] == [1, 0]
    assert OutboxMessage.objects.count() == 1


def test_objection_before_the_township_is_told_there(world: World, objection: Objection) -> None:
    hand_on(op_id=uuid4(), objection=objection.pk, by=world.user(Role.CADRE))
    PostMessage.objects.all().delete()
    objection.refresh_from_db()
    counted_anew(objection)
    assert len(words(world.user(Role.TOWNSHIP))) == 1
    assert words(world.user(Role.CADRE)) == []


def test_objection_that_is_over_has_no_day_to_move(world: World, objection: Objection) -> None:
    day = objection.due_on
    ruled(objection.pk, world.user(Role.CADRE), public_reason="twice")
    PostMessage.objects.all().delete()
    with day_off(day):
        assert objections.count_anew(day.year) == 0
    assert kinds() == set()


def test_preview_names_objections_and_tells_nobody(objection: Objection) -> None:
    before = objections.due_days(objection.due_on.year)
    with day_off(objection.due_on):
        after = objections.due_days(objection.due_on.year)
    assert before.keys() == after.keys() == {f"异议 {objection.number} 的期限"} and before != after
    assert not OutboxMessage.objects.exists()


def test_cadre_who_has_yet_to_sign_is_told_and_no_other_village(world: World) -> None:
    month = this_month()
    sheet_of(month=month, village=world.village)
    last = calendar_of(month, VILLAGE).declare_until
    with day_off(last):
        months.count_anew(last.year)
        new = calendar_of(month, VILLAGE).declare_until
    [said] = words(world.user(Role.CADRE))
    assert said.endswith(f"台账的申报期限改到{spoken_with_year(new)}。")
    assert PostMessage.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def test_township_is_told_once_of_all_its_declared_villages(world: World) -> None:
    month = this_month()
    world.declare(world.village, world.sister, month=month)
    last = calendar_of(month, VILLAGE).review_until
    with day_off(last):
        months.count_anew(last.year)
        new = calendar_of(month, VILLAGE).review_until
    [said] = words(world.user(Role.TOWNSHIP))
    assert said.endswith(f"台账的审核期限改到{spoken_with_year(new)}。")
    assert words(world.user(Role.CADRE)) == []


def test_households_with_something_posted_are_told_that_their_days_moved(world: World) -> None:
    sheet = posted(world, (ONE, "WR02"), (THREE, "WR02"))
    OutboxMessage.objects.all().delete()
    last = calendar_of(POSTED, VILLAGE).posted(today()).objections_until
    with day_off(last):
        for _ in range(2):
            months.count_anew(int(sheet.period_id[:4]))
    assert set(OutboxMessage.objects.values_list("kind", "household")) == {
        ("objection.days_moved", ONE),
        ("objection.days_moved", THREE),
    }
    assert OutboxMessage.objects.count() == 2


def test_day_that_is_over_is_told_nobody(world: World) -> None:
    """Nobody can be late on it any more."""
    month = "2024-05"
    sheet_of(month=month, village=world.village)
    last = calendar_of(month, VILLAGE).declare_until
    with day_off(last):
        months.count_anew(2024)
    assert kinds() == set()
