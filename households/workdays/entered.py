"""The arrangements that the county has entered, as this process knows them.

Every day that a clock walks over asks for them, so they are kept; whether they are still those of the database is asked
once in a request or task, of the cache, and only if somebody looks at a day at all.
"""

from celery.signals import task_prerun
from django.core.cache import cache
from django.core.signals import request_started
from django.db import transaction

from households.models import YearArrangement
from households.workdays.workdays import Arranged

VERSION = "workdays.version"  # the id of the arrangement entered last, or NONE
NONE = 0
_AN_HOUR = 3600


class _Kept:
    """What was read last, and whether it was held against the cache since the request began."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.arranged = Arranged()
        self.checked = False

    def now(self) -> Arranged:
        """The arrangements in force."""
        if not self.checked:
            self._check()
        return self.arranged

    def doubt(self, **_: object) -> None:
        """A request or a task begins: others may have entered something meanwhile."""
        self.checked = False

    def _check(self) -> None:
        stored = cache.get(VERSION)
        if stored == NONE:
            self.version, self.arranged = NONE, Arranged()
        elif stored is None or stored != self.version:
            self.version, self.arranged = _read()
            cache.add(VERSION, self.version, _AN_HOUR)
        self.checked = True


_kept = _Kept()


def _read() -> tuple[int, Arranged]:
    latest = list(YearArrangement.objects.order_by("year", "-id").distinct("year"))
    return max((one.pk for one in latest), default=NONE), arranged_by(latest)


def arranged_by(rows: list[YearArrangement]) -> Arranged:
    """What these arrangements say together, one of each year; of a day that two name, the later year's word counts."""
    days = {day: name for one in sorted(rows, key=lambda row: row.year) for day, name in one.named.items()}
    return Arranged(frozenset(one.year for one in rows), days)


def now() -> Arranged:
    """The arrangements in force."""
    return _kept.now()


def spread(one: YearArrangement) -> None:
    """Have every process learn of it as soon as the transaction ends."""
    transaction.on_commit(lambda: _spread(one.pk))


def _spread(version: int) -> None:
    cache.set(VERSION, version, _AN_HOUR)
    _kept.doubt()


def doubt() -> None:
    """Ask again at the next day that is looked at, as when a request begins."""
    _kept.doubt()


request_started.connect(_kept.doubt)
task_prerun.connect(_kept.doubt)
