"""Examples that hypothesis makes up must not see each other's rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def forgotten() -> Iterator[None]:
    """What is written in here is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
