"""Growth of each table: measured, kept, told and foretold."""

import csv
import json
import shutil
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dongkou.alerting.running import look_around
from dongkou.doctor import growing
from dongkou.doctor.findings import DoctorVerdict
from dongkou.growth.measuring import KEPT, KEPT_DAILY, measure, measured
from dongkou.growth.reads import COLUMNS, growth
from dongkou.growth.rules import days_left, grown_per_day
from dongkou.models import TableSize
from dongkou.tasks import measure_tables
from households.models import Alarm
from households.roles import Role
from tests.world import World

MEGABYTE = 2**20
TODAY = date(2026, 11, 30)
dates = st.dates(TODAY - timedelta(60), TODAY)


@given(st.dictionaries(dates, st.integers(0, 10**12)), st.integers(0, 10**12))
def test_nothing_shrinks_and_nothing_young_is_foretold(sizes: dict[date, int], now: int) -> None:
    daily = grown_per_day(sizes, TODAY, now)
    ages = [(TODAY - day).days for day in sizes]
    assert (daily is None) == (not any(7 <= age <= 31 for age in ages))
    assert daily is None or daily >= 0


@given(st.integers(1, 10**6), st.integers(7, 31), st.integers(0, 10**9))
def test_even_growth_is_told_as_it_is(daily: int, days: int, size: int) -> None:
    found = grown_per_day({TODAY - timedelta(days): size}, TODAY, size + daily * days)
    assert found == pytest.approx(daily)
    assert days_left(daily * 100, found) in (99, 100)


def test_what_does_not_grow_never_fills() -> None:
    assert (days_left(10, 0.0), days_left(10, None)) == (None, None)


def kept_before(days: int, part: float) -> None:
    """Everything was `part` as large so many days ago."""
    day = timezone.localdate() - timedelta(days)
    for name, (number, size) in measured().items():
        TableSize.objects.create(day=day, name=name, rows=number, bytes=int(size * part))


@pytest.mark.django_db
def test_measuring_twice_a_day_keeps_the_later_one() -> None:
    assert measure_tables() == measure(timezone.localdate())
    tables = TableSize.objects.filter(day=timezone.localdate())
    assert tables.count() == len(connection.introspection.table_names()) + 1
    assert tables.get(name="").bytes > tables.get(name="households_household").bytes > 0


@pytest.mark.django_db
def test_old_days_thin_out() -> None:
    for age in (1, KEPT_DAILY.days, KEPT_DAILY.days + 1, KEPT.days + 1):
        TableSize.objects.create(day=TODAY - timedelta(age), name="", rows=0, bytes=1)
    TableSize.objects.create(day=date(2026, 3, 1), name="", rows=0, bytes=1)
    measure(TODAY)
    ages = [
        (TODAY - day).days for day in TableSize.objects.filter(name="").order_by("day").values_list("day", flat=True)
    ]
    assert ages == [(TODAY - date(2026, 3, 1)).days, KEPT_DAILY.days, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [{"rows": -1}, {"bytes": -1}, {}])
def test_database_refuses_nonsense(fault: dict[str, int]) -> None:
    good = {"day": TODAY, "name": "x", "rows": 1, "bytes": 1}
    TableSize.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        TableSize.objects.create(**good | {"name": "y" if fault else "x"} | fault)


@pytest.mark.django_db
def test_command_tells_growth_of_each_table(world: World) -> None:
    kept_before(1, 0.5)
    kept_before(15, 0.25)
    found = growth()
    size = found.whole.bytes
    households = next(one for one in found.tables if one.name == "households_household")
    assert households.since_yesterday == households.bytes - int(households.bytes * 0.5)
    assert found.whole.a_month == pytest.approx(2 * 0.75 * size, rel=0.01)
    assert [one.bytes for one in found.tables] == sorted((one.bytes for one in found.tables), reverse=True)
    said = StringIO()
    call_command("growth", stdout=said)
    head, *lines = csv.reader(StringIO(said.getvalue().removeprefix("\ufeff")))
    assert head == list(COLUMNS.values()) and lines[-1][0] == ""
    said = StringIO()
    call_command("growth", format="json", stdout=said)
    assert {"label": "户"}.items() <= next(
        one for one in json.loads(said.getvalue()) if one["name"] == "households_household"
    ).items()


@pytest.mark.django_db
def test_page_shows_the_largest_and_says_when_nothing_was_measured(world: World) -> None:
    client = world.client(Role.SYSTEM_ADMIN)
    page = client.get(reverse("running")).content.decode()
    assert "量满七天以后" in page and "没有量过" in page
    kept_before(1, 0.5)
    kept_before(20, 0.5)
    page = client.get(reverse("running")).content.decode()
    assert "每月多" in page and "没有量过" not in page and "还不知道" not in page


@pytest.mark.django_db
def test_doctor_says_when_the_disk_will_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def room(free: int) -> tuple[DoctorVerdict, str]:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free, total=10**12, used=0))
        [one] = growing.room()
        return one.health, one.told

    assert room(10**12) == (DoctorVerdict.WELL, "量了不到七天，还说不出来")
    kept_before(10, 0.5)
    daily = growth().whole.bytes / 20
    assert room(int(daily * 400))[0] is DoctorVerdict.WELL
    assert "磁盘还够 60 天" in room(int(daily * 60.5))[1]
    assert room(int(daily * 5.5))[0] is DoctorVerdict.BAD
    look_around()
    assert Alarm.objects.filter(what__startswith="数据增长").exists()
