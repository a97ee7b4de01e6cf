"""A hotline's list of twenty thousand tickets, checked and filed, against the ORM's bulk_create of the rows that it makes."""

import csv
import io
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from django.db import models, transaction
from django.utils import timezone

from households.codes import Level
from households.models import Division
from petitions.bench.world import MORE
from petitions.demo import matters
from petitions.filing.lists import COLUMNS, import_petitions
from petitions.models import Case, ClockRun, Petition, PetitionEvent, PetitionWords

SEED, YEAR = 20260723, 365
MADE: tuple[type[models.Model], ...] = (Case, Petition, PetitionEvent, ClockRun, PetitionWords)
AT_ONCE = 1000


class ImportTimes(NamedTuple):
    """Seconds that both sides took for so many tickets."""

    tickets: int
    ours: float
    bare: float


def measured(tickets: int, fresh: Callable[[], Any]) -> ImportTimes:
    """Both on a database that `fresh` gives, without petitions."""
    fresh()
    data = listing(tickets)
    begun = time.perf_counter()
    report = import_petitions(name="list.csv", data=data)
    ours = time.perf_counter() - begun
    if not report.written:
        raise RuntimeError(report.sentence)
    rows = [list(model._default_manager.order_by("pk")) for model in MADE]
    fresh()
    begun = time.perf_counter()
    with transaction.atomic():
        for model, made in zip(MADE, rows, strict=True):
            model._default_manager.bulk_create(made, batch_size=AT_ONCE)
    return ImportTimes(tickets, ours, time.perf_counter() - begun)


def listing(tickets: int) -> bytes:
    """A list as the hotline hands it over: a year of tickets of every way, people writing more than a line."""
    rng = Random(SEED)  # noqa: S311  # the same tickets every time
    places = list(Division.objects.of_level(Level.VILLAGE).order_by("code").values_list("code", flat=True))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    today = timezone.localdate()
    for number in range(tickets):
        matter, place = rng.choice(matters.PEOPLE), rng.choice(places)
        text = matter.text.format(place=f"{place}村") + "".join(rng.sample(MORE, rng.randrange(1, 6)))
        way, demand = rng.choice(("12345", "红网", "信箱")), rng.choice(("投诉", "咨询", "建议"))
        day = today - timedelta(days=rng.randrange(1, YEAR))
        table.writerow([way, f"SY{number:08d}", day, place, matter.title.format(place="本村"), text, "王建国",
                        f"139{number:08d}", demand, ""])  # fmt: skip
    return written.getvalue().encode()
