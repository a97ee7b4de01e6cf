"""The cockpit and the inbox with a year behind them, as whoever has one opens them."""

import statistics
from collections.abc import Iterator
from typing import NamedTuple

from django.test import Client

from households.accounts.actions.accounts import PLACE_LEVEL, create_user
from households.accounts.passwords import one_time_password
from households.bench.finding import lightest
from households.models import Department, Division, Household, User
from households.months import Month, shift
from households.roles import Role
from households.sql import column, counted
from scoring.bench import world
from scoring.bench.results import Result, took
from scoring.bench.stage import percentile, seconds
from scoring.models import Period

MONTHS = 12
FREE = 3  # months back, before which no other job writes
LOADS = 40
P95, MAX_QUERIES = 0.150, 10  # seconds; statements
_BARE = "SELECT * FROM scoring_sheet WHERE period_id = %(month)s"


class PageTimes(NamedTuple):
    """Statements, seconds of each request, and seconds of a request that asks next to nothing, in the same minute."""

    queries: int
    times: list[float]
    light: float


def cockpit_jobs(month: Month) -> Iterator[Result]:
    """Eleven months more are declared before it; then the pages, again and again."""
    scheme = Period.objects.get(pk=month).scheme_id
    earlier = sorted(shift(month, -back) for back in range(FREE, FREE + MONTHS - 1))
    Period.objects.bulk_create([Period(month=one, scheme_id=scheme) for one in earlier], ignore_conflicts=True)
    for one in earlier:
        world.add_month(one)
    world.analyze()
    bare = statistics.median(seconds(lambda: column(_BARE, {"month": month})) for _ in range(LOADS))
    for role in (Role.COUNTY_OFFICE, Role.TOWNSHIP):
        browser, address = _browser(role), f"/county/cockpit/{month}/"
        lights = browser.get(address).content.count(b'<li class="tile')
        yield _line(f"进度页，{role.label}，{lights} 个村", [_taken(browser, address)], bare, sound=lights > 0)
    yield _line(f"待办和消息，{len(Role)} 种岗位", [_taken(_browser(role), "/inbox/") for role in Role], bare)


def _taken(browser: Client, address: str) -> PageTimes:
    """Of the second request and many more."""
    browser.get(address)
    with counted() as sent:
        browser.get(address)
    times = [seconds(lambda: browser.get(address)) for _ in range(LOADS)]
    return PageTimes(len(sent), times, lightest(browser))


def _line(job: str, pages: list[PageTimes], bare: float, *, sound: bool = True) -> Result:
    """The slowest of several pages stands for them all."""
    most, slowest = max(one.queries for one in pages), max(pages, key=lambda one: statistics.median(one.times))
    p95, middle = percentile(slowest.times, 0.95), statistics.median(slowest.times)
    return Result(
        f"{job}，{Household.objects.count():,} 户，{MONTHS} 个月",
        f"{most} 次查询，p95 {took(p95)}",
        f"{took(bare)} SELECT，{took(slowest.light)} 最轻的页面（{middle / slowest.light:.1f} 倍）",
        f"{middle / bare:.1f}",
        f"≤ {MAX_QUERIES} 次，p95 < {P95 * 1000:.0f} ms",
        sound and most <= MAX_QUERIES and p95 < P95,
    )


def _browser(role: Role) -> Client:
    """Somebody new of the post, at the first place that has one."""
    user = create_user(
        username=f"waiting-{role}-{User.objects.count()}",
        display_name="测",
        role=role,
        place=_place(role),
        password=one_time_password(),
        by=None,
        is_demo=True,
    )
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _place(role: Role) -> Division | Department:
    if role == Role.DEPARTMENT:
        return Department.objects.order_by("code")[0]
    return Division.objects.of_level(PLACE_LEVEL[role]).order_by("code")[0]
