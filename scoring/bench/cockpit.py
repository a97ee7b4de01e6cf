"""The county's cockpit with a year behind it, as somebody of the county office opens it."""

import statistics

from django.test import Client

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import one_time_password
from households.codes import county_of
from households.models import Division, Household
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
P95, MOST_QUERIES = 0.150, 10  # seconds; statements
_BARE = "SELECT * FROM scoring_sheet WHERE period_id = %(month)s"


def cockpit_job(month: Month) -> Result:
    """Eleven months more are declared before it; then the page, again and again."""
    scheme = Period.objects.get(pk=month).scheme_id
    earlier = sorted(shift(month, -back) for back in range(FREE, FREE + MONTHS - 1))
    Period.objects.bulk_create([Period(month=one, scheme_id=scheme) for one in earlier], ignore_conflicts=True)
    for one in earlier:
        world.add_month(one)
    world.analyze()
    browser, address = _office(), f"/county/cockpit/{month}/"
    browser.get(address)
    with counted() as sent:
        answer = browser.get(address)
    times = [seconds(lambda: browser.get(address)) for _ in range(LOADS)]
    bare = statistics.median(seconds(lambda: column(_BARE, {"month": month})) for _ in range(LOADS))
    p95, lights = percentile(times, 0.95), answer.content.count(b'<li class="tile')
    return Result(
        f"进度页，{lights} 个村，{Household.objects.count():,} 户，{MONTHS} 个月",
        f"{len(sent)} 次查询，p95 {took(p95)}",
        f"{took(bare)} SELECT",
        f"{statistics.median(times) / bare:.1f}",
        "≤ 10 次，p95 < 150 ms",
        len(sent) <= MOST_QUERIES and p95 < P95 and lights > 0,
    )


def _office() -> Client:
    county = Division.objects.get(code=county_of(column("SELECT min(code) FROM households_household")[0]))
    user = create_user(
        username="bench-cockpit",
        display_name="测",
        role=Role.COUNTY_OFFICE,
        place=county,
        password=one_time_password(),
        by=None,
        is_demo=True,
    )
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser
