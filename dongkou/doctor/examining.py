"""The whole installation looked at, one thing after the other; what cannot be asked is a finding itself."""

from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.utils import timezone

from dongkou.doctor import around, growing, inside, signing_in
from dongkou.doctor.findings import DoctorFinding, DoctorVerdict, bad

Look = Callable[[], Iterator[DoctorFinding]]


def examine() -> Iterator[DoctorFinding]:
    """Everything. What lies in the database is asked only when database, schema and keys fit."""
    now = timezone.now()
    yield from around.programs()
    yield from around.keys()
    yield from around.disks()
    yield from around.addresses()
    fits = True
    for found in inside.schema():
        yield found
        fits = fits and found.health is not DoctorVerdict.BAD
    yield from around.broker()
    yield from signing_in.provider()
    looks: list[Look] = [inside.workers, lambda: around.backups(now)]
    if fits:
        looks += [inside.rights, inside.standbys, inside.clock, lambda: inside.jobs(now), inside.alarms]
        looks += [lambda: inside.year_to_come(now), inside.people, growing.room, growing.months]
    for ask in looks:
        try:
            yield from ask()
        except DatabaseError as trouble:
            yield bad("数据库", f"问到一半没有回答（{type(trouble).__name__}）", "请看数据库的日志，再运行一次")
