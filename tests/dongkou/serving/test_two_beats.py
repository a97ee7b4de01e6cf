"""Of two beats one is at work, whatever happens to it; no job is sent twice for the same turn, and none is left out."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from dongkou import beat, signs
from dongkou.beat import HeartbeatScheduler
from dongkou.celery import app
from dongkou.schedule import SCHEDULE
from tests.dongkou.serving.hosts import comes_up, host
from tests.processes import lapsed
from tests.waiting import until

EVERY_TEN_MINUTES = [one["task"] for one in SCHEDULE.values() if getattr(one["schedule"], "seconds", 0) == 600]
Make = Callable[[], HeartbeatScheduler]


@pytest.fixture
def make() -> Iterator[Make]:
    """Beats on a broker that knows of none and holds no message."""
    signs.broker().flushdb()
    yield lambda: HeartbeatScheduler(app=app)
    signs.broker().flushdb()


def sent() -> Counter[str]:
    """Messages that wait, by task."""
    waiting = [text for name in settings.CELERY_QUEUES for text in signs.broker().lrange(name, 0, -1)]
    return Counter(json.loads(text)["headers"]["task"] for text in waiting)


def turn(one: HeartbeatScheduler) -> None:
    """Until nothing is due at the moment."""
    while one.tick() == 0:
        pass


def test_only_the_first_one_sends(make: Make) -> None:
    first, second = make(), make()
    turn(first)
    before = sent()
    assert set(EVERY_TEN_MINUTES) <= set(before)
    assert second.tick() == signs.RENEW_SECONDS
    assert sent() == before


def test_one_that_takes_over_goes_on_where_the_other_was(make: Make) -> None:
    first, second = make(), make()
    turn(first)
    signs.broker().delete(signs.BEAT)  # as when the first one is dead
    turn(second)
    assert {task: sent()[task] for task in EVERY_TEN_MINUTES} == dict.fromkeys(EVERY_TEN_MINUTES, 1)
    assert first.tick() == signs.RENEW_SECONDS


def test_one_that_stood_still_between_noting_and_sending_sends_nothing(make: Make) -> None:
    first, second = make(), make()
    assert first.hold() == beat.TAKEN
    signs.broker().delete(signs.BEAT)
    turn(second)
    before = sent()
    for entry in list(first.schedule.values()):
        first.reserve(entry)
        first.apply_entry(entry)
    assert sent() == before
    signs.broker().set(signs.BEAT, first.me)  # the guard is what held it: with the lease it would
    first.apply_entry(entry)
    assert sent() != before


def test_one_that_got_its_lease_back_looks_what_was_done_meanwhile(make: Make) -> None:
    first, second = make(), make()
    turn(first)
    before = sent()
    for entry in first.schedule.values():
        entry.last_run_at = first.before_first_run(entry)
    first._heap = None
    signs.broker().delete(signs.BEAT)
    turn(second)
    second.close()
    turn(first)
    assert {task: sent()[task] for task in EVERY_TEN_MINUTES} == {task: before[task] for task in EVERY_TEN_MINUTES}


def test_clean_end_hands_the_lease_back_and_nobody_elses(make: Make) -> None:
    first, second = make(), make()
    turn(first)
    second.close()
    assert signs.broker().get(signs.BEAT).decode() == first.me
    first.close()
    assert signs.broker().get(signs.BEAT) is None


def test_job_that_could_not_be_sent_is_due_again(make: Make) -> None:
    one = make()
    signs.broker().set("points", "no list of messages")
    for _ in range(2 * len(SCHEDULE)):
        one.tick()
    signs.broker().delete("points")
    turn(one)
    assert {task: sent()[task] for task in EVERY_TEN_MINUTES} == dict.fromkeys(EVERY_TEN_MINUTES, 1)


@pytest.mark.django_db(transaction=True)
def test_killed_one_is_followed_by_the_one_on_the_other_host(make: Make) -> None:
    with host() as here, host() as there:
        here.serve("beat")
        comes_up(here, lambda: signs.broker().get(signs.BEAT))
        there.serve("beat")
        until(lambda: set(EVERY_TEN_MINUTES) <= set(sent()))
        holder = signs.broker().get(signs.BEAT)
        for one in here.running:
            os.killpg(one.pid, signal.SIGKILL)
        lapsed(signs.BEAT)
        until(lambda: signs.broker().get(signs.BEAT) not in (None, holder))
        rolled = sent()["scoring.tasks.roll_up_marked"]
        until(lambda: sent()["scoring.tasks.roll_up_marked"] > rolled, seconds=60)
        assert {task: sent()[task] for task in EVERY_TEN_MINUTES} == dict.fromkeys(EVERY_TEN_MINUTES, 1)
