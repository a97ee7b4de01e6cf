"""Searching the whole county's households, as somebody of the county office does, through the page that everybody uses."""

import statistics
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import one_time_password
from households.codes import county_of
from households.models import Division, Household, User
from households.register.indexing import index_households
from households.register.phones import encrypt_all
from households.roles import Role
from households.sql import column, counted, run

ROUNDS, LIGHT = 10, 40
P95 = 0.100  # seconds
MAX_QUERIES = 4
# The names of a county: as many that occur a thousand times as that occur once.
_FAMILIES, _GIVEN = "王李张刘陈杨黄赵吴周单仇解查曾𠮷", "建国秀英桂兰志强小红明海燕德福玉珍乐平䶮春生文华"
_NAMES = """
    UPDATE households_household h
    SET head_name = substr(%(families)s, 1 + abs(hashtext(h.code)) %% length(%(families)s), 1)
            || substr(%(given)s, 1 + abs(hashtext(h.code || 'a')) %% length(%(given)s), 1)
            || substr(%(given)s, 1 + abs(hashtext(h.code || 'b')) %% length(%(given)s), 1),
        phone = (%(phones)s::bytea[])[1 + abs(hashtext(h.code || 'c')) %% 500]
"""
WORDS = ("王", "建国", "𠮷", "䶮春", "wang", "wangjianguo", "shan", "zha", "cjg", "z", "1234", "0007", "没有的", "zzzz")


def finding_job(stage: Any) -> tuple[str, str, str, str, str, bool]:
    """One line: every kind of words over the county, `ROUNDS` times, slowest of twenty and queries."""
    stage.copy("run", of="declared")
    phones = encrypt_all(f"138{number:08d}" for number in range(1_000, 1_500))
    run(_NAMES, {"families": _FAMILIES, "given": _GIVEN, "phones": phones})
    index_households()
    run("ANALYZE households_household; ANALYZE households_householdwords; ANALYZE households_wordsmark")
    browser, address = browser_of(office()), reverse("households")
    browser.get(address, {"words": "王"})
    times, most = [], 0
    for _ in range(ROUNDS):
        for words in WORDS:
            with counted() as sent:
                begin = time.perf_counter()
                browser.get(address, {"words": words})
                times.append(time.perf_counter() - begin)
            most = max(most, len(sent))
    return _line(sorted(times), most, lightest(browser))


def office() -> User:
    """Somebody of the county office."""
    county = Division.objects.get(code=county_of(column("SELECT min(code) FROM households_household")[0]))
    password = one_time_password()
    user = create_user(
        username=f"bench-office-{User.objects.count()}",
        display_name="测",
        role=Role.COUNTY_OFFICE,
        place=county,
        password=password,
        by=None,
        is_demo=True,
    )
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    return user


def browser_of(user: User) -> Client:
    """Signed in."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(user)
    return browser


def lightest(browser: Client) -> float:
    """Seconds of a request that asks next to nothing of anybody: what every page takes before it begins, on this machine now."""
    address = reverse("inbox-number")
    browser.get(address)
    times = []
    for _ in range(LIGHT):
        begin = time.perf_counter()
        browser.get(address)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _line(times: list[float], most: int, light: float) -> tuple[str, str, str, str, str, bool]:
    slow, middle = times[int(len(times) * 0.95)], statistics.median(times)
    households = Household.objects.count()
    return (
        f"找户（{households:,} 户，{len(WORDS)} 种写法）",
        f"{slow * 1000:.1f} ms p95，{most} 条语句",
        f"{light * 1000:.1f} ms 最轻的页面",
        f"{middle / light:.1f}",
        f"< {P95 * 1000:.0f} ms，≤ {MAX_QUERIES} 条语句",
        slow < P95 and most <= MAX_QUERIES,
    )
