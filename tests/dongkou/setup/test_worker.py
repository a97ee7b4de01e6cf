"""A real worker and beat: messages arrive, and no crash loses one."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab

from dongkou import beat, signs
from dongkou.celery import app, take_back
from tests.processes import children_of, lapsed, start
from tests.waiting import until

ECHO = "celery.accumulate"  # a task of Celery's own that gives back what it was given
QUEUES = ["entry", "rollup", "points", "notify", "export"]


def echo(number, queue="entry"):
    return app.send_task(ECHO, args=(number,), queue=queue).get(timeout=60)


def test_every_queue_is_worked_on_and_whoever_is_killed_is_missed_alone(celery_worker_process, client):
    assert [echo(number, queue) for number, queue in enumerate(QUEUES)] == [[0], [1], [2], [3], [4]]
    celery_worker_process.beat.kill_group()
    lapsed(signs.BEAT)
    assert failing(client) == ["beat"]
    assert echo(7) == [7]
    celery_worker_process.beat = start("beat")
    until(lambda: failing(client) == [])
    celery_worker_process.kill_worker()
    lapsed(*map(signs.of_queue, QUEUES))
    assert failing(client) == ["worker"]


def failing(client):
    """What /healthz misses."""
    return client.get("/healthz").json().get("failing", [])


def test_a_message_in_the_hands_of_a_killed_worker_is_done_by_the_next(celery_workers):
    celery_workers.start_worker()
    for pid in children_of(celery_workers.worker.process.pid):
        os.kill(pid, signal.SIGSTOP)
    waiting = app.send_task(ECHO, args=("kept",), queue="rollup")
    until(lambda: signs.broker().zcard("unacked_index") == 1)
    celery_workers.kill_worker()
    celery_workers.start_worker()
    assert waiting.get(timeout=60) == ["kept"]
    until(lambda: signs.broker().zcard("unacked_index") == 0)


def test_unacknowledged_messages_go_back_to_the_head_of_their_queue():
    signs.broker().flushdb()
    for word in ("first", "second"):
        app.send_task(ECHO, args=(word,), queue="notify")
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        held = channel.basic_get("notify")
        assert (signs.broker().llen("notify"), signs.broker().zcard("unacked_index")) == (1, 1)
        assert take_back(channel) == 1
        assert take_back(channel) == 0
        again = channel.basic_get("notify")
        assert again.body == held.body
        channel.qos._delivered.clear()  # or the channel would put them back itself
    signs.broker().flushdb()


def test_a_worker_asked_to_quit_goes_within_the_supervisors_time(celery_workers):
    celery_workers.start_worker()
    celery_workers.worker.process.send_signal(celery_workers.worker.stop_signal)
    assert celery_workers.worker.process.wait(timeout=10) is not None


@pytest.fixture
def scheduler():
    """The product's scheduler with its schedule, not sending anything."""
    signs.broker().delete(beat.LAST_RUNS, signs.BEAT)
    return lambda: beat.HeartbeatScheduler(app=app)


def entry(of, task):
    return next(one for one in of.schedule.values() if one.task.endswith(task))


def test_every_scheduled_task_exists_and_has_a_queue(scheduler):
    app.loader.import_default_modules()
    for one in scheduler().schedule.values():
        assert one.task in app.tasks
        assert one.options.get("queue") in QUEUES or one.task.startswith("celery.")


def test_a_job_with_an_interval_is_due_at_once_and_a_nightly_one_is_not(scheduler):
    first = scheduler()
    assert entry(first, "roll_up_marked").is_due().is_due
    nightly = entry(first, "check_nightly")
    assert isinstance(nightly.schedule, crontab)
    assert not nightly.is_due().is_due


def test_a_restart_remembers_when_a_job_last_ran(scheduler):
    first = scheduler()
    assert first.hold() == beat.TAKEN
    assert first.claim(first.reserve(entry(first, "advance_calendar")))
    again = entry(scheduler(), "advance_calendar")
    assert not again.is_due().is_due
    assert datetime.now(UTC) - again.last_run_at < timedelta(seconds=10)


def test_a_night_missed_is_made_up_for(scheduler):
    first = scheduler()
    nightly = entry(first, "check_nightly")
    signs.broker().hset(beat.LAST_RUNS, nightly.name, (datetime.now(UTC) - timedelta(days=2)).isoformat())
    assert entry(scheduler(), "check_nightly").is_due().is_due


def test_damaged_memories_are_forgotten(scheduler):
    signs.broker().hset(beat.LAST_RUNS, "nightly check", "yesterday")
    assert beat.last_runs() == {}
    assert scheduler().schedule


def test_a_tick_leaves_the_sign_of_beat(scheduler, monkeypatch):
    signs.broker().delete(signs.BEAT)
    quiet = scheduler()
    quiet.schedule.clear()
    quiet.tick()
    assert signs.seen()["beat"]


def test_last_run_in_the_future_is_not_believed(scheduler):
    """A clock that was a month ahead for a minute keeps nothing waiting for a month."""
    first = scheduler()
    for one in first.schedule.values():
        signs.broker().hset(beat.LAST_RUNS, one.name, (datetime.now(UTC) + timedelta(days=31)).isoformat())
    again = scheduler()
    assert entry(again, "roll_up_marked").is_due().is_due
    assert entry(again, "check_nightly").is_due().next < 24 * 3600 + 60


def test_clock_that_goes_back_under_a_running_beat_stops_nothing(scheduler):
    running = scheduler()
    running.populate_heap()
    for one in running.schedule.values():
        one.last_run_at = datetime.now(UTC) + timedelta(days=31)
    running.mistrust_future()
    assert running._heap is None
    assert entry(running, "roll_up_marked").is_due().is_due
    assert entry(running, "check_nightly").is_due().next < 24 * 3600 + 60
