"""The Celery application, and the sign of life of its workers."""

import contextlib
import os
from typing import Any

import redis
from celery import Celery, bootsteps

from dongkou import signs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")

app = Celery("dongkou")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class SignOfLife(bootsteps.StartStopStep):
    """While the worker takes messages it leaves its sign; a lost connection or a stuck main loop lets it vanish."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.timer: Any = None

    def start(self, parent: Any) -> None:
        """Connected and consuming."""
        self._leave()
        self.timer = parent.timer.call_repeatedly(signs.RENEW_SECONDS, self._leave)

    def stop(self, parent: Any) -> None:
        """Connection lost, or the worker ends."""
        if self.timer is not None:
            parent.timer.cancel(self.timer)
            self.timer = None

    def _leave(self) -> None:
        with contextlib.suppress(redis.RedisError):
            signs.leave(signs.WORKER)


app.steps["consumer"].add(SignOfLife)
