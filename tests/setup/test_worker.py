"""A real worker and beat: messages arrive, and no crash loses one."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab

from dongkou import beat, signs
from dongkou.celery import app, make_overdue
from tests.waiting import until

ECHO = "celery.accumulate"  # a task of Celery's own that gives back what it was given
QUEUES = ["entry", "rollup", "points", "notify", "export"]


def echo(number, queue="entry"):
    return app.send_task(ECHO, args=(number,), queue=queue).get(timeout=30)


def test_every_queue_is_worked_on(celery_worker_process):
    assert [echo(number, queue) for number, queue in enumerate(QUEUES)] == [[0], [1], [2], [3], [4]]


def test_a_killed_worker_is_missed_while_beat_is_not(celery_worker_process, client):
    celery_worker_process.kill_worker()
    until(lambda: client.get("/healthz").status_code == 503, seconds=20, pause=0.5)
    assert client.get("/healthz").json()["failing"] == ["worker"]


def test_a_killed_beat_is_missed_while_the_worker_is_not(celery_worker_process, client):
    celery_worker_process.beat.kill_group()
    until(lambda: client.get("/healthz").status_code == 503, seconds=20, pause=0.5)
    assert client.get("/healthz").json()["failing"] == ["beat"]
    assert echo(7) == [7]


def test_a_message_in_the_hands_of_a_killed_worker_is_done_by_the_next(celery_workers):
    celery_workers.start_worker()
    celery_workers.worker.process.send_signal(signal.SIGSTOP)
    waiting = app.send_task(ECHO, args=("kept",), queue="rollup")
    celery_workers.worker.process.send_signal(signal.SIGCONT)
    assert waiting.get(timeout=30) == ["kept"]
    delivery = signs.broker()
    delivery.zadd("unacked_index", {"tag": 4_000_000_000})
    celery_workers.kill_worker()
    celery_workers.start_worker()
    until(lambda: delivery.zscore("unacked_index", "tag") in (None, 0.0))


def test_unacknowledged_messages_become_overdue():
    broker = signs.broker()
    broker.delete("unacked_index")
    assert make_overdue(broker) == 0
    broker.zadd("unacked_index", {"a": 4_000_000_000, "b": 4_000_000_001})
    assert make_overdue(broker) == 2
    assert broker.zrange("unacked_index", 0, -1, withscores=True) == [(b"a", 0.0), (b"b", 0.0)]
    broker.delete("unacked_index")


def test_a_worker_asked_to_quit_goes_within_the_supervisors_time(celery_workers):
    celery_workers.start_worker()
    celery_workers.worker.process.send_signal(celery_workers.worker.stop_signal)
    assert celery_workers.worker.process.wait(timeout=10) is not None


@pytest.fixture
def scheduler():
    """The product's scheduler with its schedule, not sending anything."""
    signs.broker().delete(beat.LAST_RUNS)
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
    first.reserve(entry(first, "advance_calendar"))
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
