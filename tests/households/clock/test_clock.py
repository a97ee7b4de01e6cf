"""What cannot be undone asks whether time is to be trusted; the operator's word lets it go on."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from households import tasks as household_tasks
from households.clock import doubts
from households.clock.actions import ask, go_on
from households.models import AuditEvent, JobRun, KeptMoment
from households.refusals import Refused
from petitions import tasks as petition_tasks
from rewards import tasks as reward_tasks
from scoring import tasks
from scoring.models import PointEntry, Sheet
from tests.audit_failure import audit_down
from tests.scoring.earning import earn, figures
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAYS = timedelta(days=1)
GUARDED = {
    "scoring.tasks.advance_calendar": tasks.advance_calendar,
    "scoring.tasks.lapse_points": tasks.lapse_points,
    "scoring.tasks.publish_roots": tasks.publish_roots,
    "rewards.tasks.expire_reservations": reward_tasks.expire_reservations,
    "households.tasks.erase_expired": household_tasks.erase_expired,
    "petitions.tasks.close_passed": petition_tasks.close_passed,
    "petitions.tasks.erase_expired": petition_tasks.erase_expired,
    "petitions.tasks.remind": petition_tasks.remind,
}


def known(at: object) -> None:
    KeptMoment.objects.update_or_create(name="clock", defaults={"at": at})


def kept() -> object:
    return KeptMoment.objects.get(name="clock").at


@pytest.mark.parametrize(
    ("moved", "host", "words"),
    [
        (timedelta(0), timedelta(0), ""),
        (settings.CLOCK_DAYS * DAYS, timedelta(0), ""),
        (settings.CLOCK_DAYS * DAYS + timedelta(minutes=1), timedelta(0), "天"),
        (-doubts.BACK, timedelta(0), ""),
        (-doubts.BACK - timedelta(seconds=1), timedelta(0), "还早"),
        (timedelta(0), timedelta(minutes=11), "不一样"),
        (timedelta(0), -timedelta(minutes=11), "不一样"),
    ],
)
def test_clock_is_held_against_what_is_known(moved: timedelta, host: timedelta, words: str) -> None:
    why = doubts.judge(NOW, NOW - moved, NOW + host).why
    assert words in why
    assert bool(why) == bool(words)


def test_new_house_has_nothing_to_hold_the_clock_against() -> None:
    assert doubts.judge(NOW, None, NOW).why == ""
    ask()
    assert abs(kept() - timezone.now()) < DAYS


def test_last_audit_line_is_known_before_anything_was_kept(world: World) -> None:
    assert doubts.state().known == AuditEvent.objects.latest("id").at


def test_moment_that_passed_is_kept_and_never_moves_back() -> None:
    known(timezone.now() - DAYS)
    ask()
    first = kept()
    assert timezone.now() - first < DAYS
    ahead = timezone.now() + timedelta(minutes=5)
    known(ahead)
    ask()
    assert kept() == ahead


@pytest.mark.parametrize("away", [400 * DAYS, -DAYS])
def test_nothing_that_cannot_be_undone_runs_while_the_clock_is_in_doubt(world: World, away: timedelta) -> None:
    earn_old = earn_points_of_long_ago()
    at = timezone.now() - away
    known(at)
    for name, task in GUARDED.items():
        assert task() is None
        assert JobRun.objects.get(name=name).outcome == "held"
    assert figures(earn_old) == (10, 0, 0)
    assert kept() == at


def earn_points_of_long_ago() -> object:
    from scoring.ledger import door as ledger

    home = ledger.household(f"{VILLAGE}010001")
    earn(home, 10, year=2020)
    return home


@pytest.mark.parametrize(
    "words", [("freeze", MONTH), ("publish_roots",), ("erase_expired_petitions",)], ids=["freeze", "roots", "erase"]
)
def test_commands_ask_too(world: World, words: tuple[str, ...]) -> None:
    world.declare()
    known(timezone.now() - 400 * DAYS)
    said = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command(*words, stderr=said, stdout=StringIO())
    assert left.value.code == 1
    assert "离上次正常运行" in said.getvalue()
    assert not Sheet.objects.filter(state="frozen").exists()


def test_operator_sees_what_would_be_done_and_lets_it_go_on(world: World) -> None:
    earn_points_of_long_ago()
    known(timezone.now() - 400 * DAYS)
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("clock", stdout=said, stderr=StringIO())
    assert "已有 400 天" in said.getvalue()
    assert "1 个账户到期的 10 分清零" in said.getvalue()
    assert PointEntry.objects.filter(kind="expiry").count() == 0
    call_command("clock", "--go-on", stdout=StringIO())
    assert doubts.state().why == ""
    ask()
    line = AuditEvent.objects.get(action="clock.go_on")
    assert line.detail["known"].startswith(f"{timezone.now() - 400 * DAYS:%Y-%m-%d}")


def test_word_is_not_taken_when_it_cannot_be_written_down() -> None:
    known(NOW - 400 * DAYS)
    with audit_down():
        go_on()
    assert kept() == NOW - 400 * DAYS


def test_a_clock_that_came_back_is_let_go_on_too() -> None:
    known(timezone.now() + 400 * DAYS)
    with pytest.raises(Refused):
        ask()
    go_on()
    ask()
    assert kept() < timezone.now() + DAYS
