"""The arrangements that the county has entered, as this process knows them: every day that a clock walks over asks."""

from households.models import YearArrangement
from households.workdays import kept
from households.workdays.workdays import Arranged

VERSION = "workdays.version"  # the id of the arrangement entered last, or NONE
NONE = kept.NONE


def _read() -> tuple[int, Arranged]:
    latest = list(YearArrangement.objects.order_by("year", "-id").distinct("year"))
    return max((one.pk for one in latest), default=NONE), arranged_by(latest)


def arranged_by(rows: list[YearArrangement]) -> Arranged:
    """What these arrangements say together, one of each year; of a day that two name, the later year's word counts."""
    days = {day: name for one in sorted(rows, key=lambda row: row.year) for day, name in one.named.items()}
    return Arranged(frozenset(one.year for one in rows), days)


_kept = kept.Kept(VERSION, Arranged(), _read)


def now() -> Arranged:
    """The arrangements in force."""
    return _kept.now()


def spread(one: YearArrangement) -> None:
    """Have every process learn of it as soon as the transaction ends."""
    _kept.spread(one.pk)


def doubt() -> None:
    """Ask again at the next day that is looked at, as when a request begins."""
    _kept.doubt()
