"""运行情况: what it says when nothing ran, and when something is late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dongkou import signs
from dongkou.running.page import LABELS, QUEUES, is_overdue
from dongkou.schedule import SCHEDULE
from households.jobs import checking
from households.jobs.actions import note
from households.models import JobOutcome, JobRun, KeptMoment
from households.roles import Role
from scoring.models import Mark
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
NIGHTLY = "scoring.tasks.check_nightly"
QUERIES = 7


def text(world: World, role: str = Role.COUNTY_OFFICE) -> str:
    return world.client(role).get(reverse("running")).content.decode()


def drift(found: int = 2) -> JobRun:
    return note(name=NIGHTLY, begun_at=timezone.now(), outcome=JobOutcome.DRIFT, figures={"drifts": found})


def test_every_job_and_every_queue_has_its_words(settings: object) -> None:
    of_a_province = {"dongkou.tasks.sum_up_province"}
    assert set(LABELS) - of_a_province == {entry["task"] for entry in SCHEDULE.values()}
    assert list(QUEUES) == settings.CELERY_QUEUES


def test_every_task_that_checks_is_one_of_the_schedule_or_missed_by_one() -> None:
    """One under another name would never be missed; a county's list is missed by who asks for the next one."""
    assert checking.names() and checking.names() - {"scoring.tasks.publish_roots_of"} <= LABELS.keys()


def test_it_says_so_when_nothing_has_run(world: World) -> None:
    signs.broker().flushdb()
    page = text(world)
    assert page.count("还没有办过") == len(SCHEDULE)
    assert page.count("没有人办</strong>") == len(QUEUES)
    assert "定时器没有在跑" in page
    assert reverse("alarms") in page


def test_clock_in_doubt_stands_on_page_and_home(world: World) -> None:
    KeptMoment.objects.create(name="clock", at=timezone.now() - timedelta(days=400))
    assert "已有 400 天" in text(world)
    assert "系统时间要先核对" in world.client(Role.COUNTY_OFFICE).get("/").content.decode()


def test_oldest_mark_is_told(world: World) -> None:
    Mark.objects.all().delete()
    assert "分数都已汇总" in text(world)
    Mark.objects.create(month=MONTH, code=VILLAGE, moved=1, since=timezone.now() - timedelta(hours=3))
    page = text(world)
    assert "有 1 处分数等着汇总" in page
    assert '<p class="notice notice-warning">' in page


@pytest.mark.parametrize(
    ("job", "ago", "late"),
    [
        ("roll up what changed", timedelta(minutes=14), False),
        ("roll up what changed", timedelta(minutes=16), True),
        ("nightly check", timedelta(0), False),
        ("nightly check", timedelta(hours=49), True),
        ("nightly check", -timedelta(days=31), True),
    ],
)
def test_job_that_should_have_run_again_is_overdue(job: str, ago: timedelta, late: bool) -> None:
    now = timezone.now()
    assert is_overdue(SCHEDULE[job]["schedule"], JobRun(begun_at=now - ago), now) is late


@pytest.mark.parametrize("drifts", [1, 3])
def test_number_of_queries(world: World, drifts: int, django_assert_num_queries: object) -> None:
    for _ in range(drifts):
        drift()
    office = world.client(Role.COUNTY_OFFICE)
    office.get(reverse("running"))
    with django_assert_num_queries(QUERIES):
        office.get(reverse("running"))
