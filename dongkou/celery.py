"""The Celery application, the sign of life of its workers, and what a worker does about a crashed predecessor."""

import contextlib
import os
import signal
from functools import partial
from typing import Any

import redis
from celery import Celery, bootsteps, signals
from django.conf import settings

from dongkou import signs
from dongkou.children import die_with_parent
from dongkou.training.state import IN_TRAINING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")


@signals.setup_logging.connect
def leave_logging(**_given: Any) -> None:
    """Django's settings of the log stand. Celery's --loglevel would silence every outcome of a job."""


class HouseCelery(Celery):
    """No worker looks into the training villages: what is asked for there is done at once, on their database."""

    def send_task(self, name: str, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Celery's own, but there."""
        if not IN_TRAINING.get():
            return super().send_task(name, args, kwargs, **options)
        self.loader.import_default_modules()
        return self.tasks[name].apply(args, kwargs)


app = HouseCelery("dongkou", task_cls="dongkou.house_task:HouseTask")
app.config_from_object("dongkou.celery_config")
app.autodiscover_tasks()

if os.environ.get("DONGKOU_ROLE") == "worker":
    # A pool process whose worker was killed would wait for work for ever.
    os.register_at_fork(after_in_child=partial(die_with_parent, signal.SIGKILL))


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_unfit(**_: object) -> None:
    """A worker or beat with another schema or other keys than the data's does not begin."""
    from dongkou.guards import refuse_unfit_child  # noqa: PLC0415 (it knows models)

    refuse_unfit_child()


class TakeBack(bootsteps.StartStopStep):
    """Puts messages that a killed worker had in hand back into their queues at once, not after the hour that the
    visibility timeout takes. Only for the one worker of a supervisor: another worker's messages may be in good hands.
    """

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        """Connected, and not yet consuming."""
        if os.environ.get("DONGKOU_ONLY_WORKER") == "1" and not settings.AMQP_URL:
            take_back(parent.connection.default_channel)


class SignOfLife(bootsteps.StartStopStep):
    """While the worker takes messages it leaves a sign for each of its queues; a lost connection or a stuck main loop lets it vanish."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.timer: Any = None
        self.node, self.queues = str(parent.hostname), list[str]()

    def start(self, parent: Any) -> None:
        """Connected and consuming."""
        self.queues = [queue.name for queue in parent.task_consumer.queues]
        self._leave()
        self.timer = parent.timer.call_repeatedly(signs.RENEW_SECONDS, self._leave)

    def stop(self, parent: Any) -> None:
        """Connection lost, or the worker ends."""
        if self.timer is not None:
            parent.timer.cancel(self.timer)
            self.timer = None

    def _leave(self) -> None:
        with contextlib.suppress(redis.RedisError):
            signs.leave_of_worker(self.node, self.queues)


def take_back(channel: Any) -> int:
    """Put every unacknowledged message of a Redis channel at the head of its queue. Returns how many there were."""
    tags = channel.client.zrange(channel.unacked_index_key, 0, -1)
    for tag in reversed(tags):  # the oldest last, so that it stands first
        channel.qos.restore_by_tag(tag)
    return len(tags)


app.steps["consumer"].update({TakeBack, SignOfLife})
