"""Several acts at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from households.refusals import Refused


def together(*acts: Callable[[], object]) -> list[object]:
    """All at the same moment, each on a connection of its own: what each gives, or its refusal's code."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(60)
            return act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(60) for done in [threads.submit(run, act) for act in acts]]
