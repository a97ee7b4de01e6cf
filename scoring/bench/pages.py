"""Pages and writes as their users meet them: statements sent, bytes on the wire, time taken."""

import gzip
import json
import secrets
import statistics
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import one_time_password
from households.codes import code_range, county_of, sql_within
from households.models import Division, User
from households.months import Month, first_day
from households.roles import Role
from households.sql import column, counted, rows
from scoring.bench import world
from scoring.bench.jobs import UnequalRows
from scoring.bench.results import Result, took
from scoring.bench.stage import percentile, seconds
from scoring.checks.verify import verify
from scoring.months import months
from scoring.rollup import rollup
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.ops import Status

LOADS = 20
HANDS = 8  # two workers of four threads each, as the product is served
EXCEPTIONS = 10
KILOBYTE = 1024
CLAUSE = "WR02"


def page_jobs(month: Month, unwritten: Month) -> list[Result]:
    """The sheet, ten exceptions of a village that has written nothing yet, and the rankings of a rolled-up month."""
    months.open_month(unwritten)
    village = Division.objects.get(code=column("SELECT min(code) FROM households_division WHERE length(code) = 12")[0])
    cadre = _account("bench-cadre", Role.CADRE, village)
    office = _account("bench-office", Role.COUNTY_OFFICE, Division.objects.get(code=county_of(village.code)))
    return [
        _sheet(month, village, _browser(cadre)),
        _ten_exceptions(unwritten, village, _browser(cadre)),
        _rankings(month, village, _browser(office)),
    ]


def _account(username: str, role: Role, place: Division) -> User:
    password = one_time_password()
    return create_user(
        username=username, display_name="测", role=role, place=place, password=password, by=None, is_demo=True
    )


def _browser(user: User) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _sheet(month: Month, village: Division, browser: Client) -> Result:
    """The first request begins the session and notes the look; it is not counted."""
    address = f"/api/v1/sheets/{month}/{village.code}/"
    _asked(browser, address)
    queries, body = _asked(browser, address)
    times = [seconds(lambda: _asked(browser, address)) for _ in range(LOADS)]
    select = "SELECT * FROM households_household WHERE code >= %(low)s AND code < %(high)s ORDER BY code"
    place = code_range(village.code)._asdict()
    bare = statistics.median(seconds(lambda: rows(select, place)) for _ in range(LOADS))
    size, taken = len(gzip.compress(body, 6)) / KILOBYTE, statistics.median(times)
    return Result(
        f"打开 {len(json.loads(body)['households'])} 户的台账",
        f"{queries} 次查询，{size:.0f} KB，{took(taken)}",
        f"{took(bare)} SELECT",
        f"{taken / bare:.1f}",
        "≤ 8 次，≤ 60 KB",
        queries <= 8 and size <= 60,
    )


def _asked(browser: Client, address: str) -> tuple[int, bytes]:
    """Statements sent and the body of the answer."""
    with counted() as sent:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise UnequalRows(f"{address} 回答 {answer.status_code}")
    return len(sent), answer.content


def _ten_exceptions(month: Month, village: Division, browser: Client) -> Result:
    """Sent from a page that is open: its session has begun."""
    address = f"/api/v1/sheets/{month}/{village.code}/ops/"
    _asked(browser, "/api/v1/me/")
    body = json.dumps({"base_version": 0, "ops": list(_entries(month, village.code))}, separators=(",", ":"))
    with counted() as sent:
        taken = seconds(lambda: _sent(browser, address, body))
    bare = statistics.median(seconds(_bare_insert) for _ in range(LOADS))
    return Result(
        "同步 10 条例外",
        f"{len(sent)} 次查询，发送 {len(body) / KILOBYTE:.1f} KB，{took(taken)}",
        f"{took(bare)} INSERT",
        f"{taken / bare:.1f}",
        "≤ 15 次，≤ 2 KB",
        len(sent) <= 15 and len(body) <= 2 * KILOBYTE,
    )


def _entries(month: Month, village: str, clause: str = CLAUSE) -> Iterator[dict[str, Any]]:
    """The first households of a village, one exception each."""
    sql = "SELECT code FROM households_household WHERE code > %(v)s ORDER BY code LIMIT %(n)s"
    for code in column(sql, {"v": village, "n": EXCEPTIONS}):
        day = str(first_day(month).replace(day=5))
        yield {"op_id": str(uuid4()), "type": "add", "household": code, "clause": clause, "date": day}


def _sent(browser: Client, address: str, body: str) -> None:
    answer = browser.post(address, body, content_type="application/json")
    statuses = [outcome["status"] for outcome in answer.json().get("results", [])]
    if statuses != [Status.APPLIED] * EXCEPTIONS:
        raise UnequalRows(f"{address} 回答 {answer.status_code} {answer.content[:300].decode()}")


def _bare_insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_mark (month, code, moved) VALUES ('2000-01', %s, 0)", [secrets.token_hex(7)]
        )


def _rankings(month: Month, village: Division, browser: Client) -> Result:
    address = f"/rankings/{month}/village/"
    queries, _ = _asked(browser, address)
    times = [seconds(lambda: _asked(browser, address)) for _ in range(LOADS * 2)]
    select = "SELECT * FROM scoring_divisionscore WHERE month = %(month)s AND length(code) = 12"
    bare = statistics.median(seconds(lambda: rows(select, {"month": month})) for _ in range(LOADS))
    p95 = percentile(times, 0.95)
    return Result(
        "排名页，全县各村",
        f"{queries} 次查询，p95 {took(p95)}",
        f"{took(bare)} SELECT",
        f"{statistics.median(times) / bare:.1f}",
        "≤ 10 次，p95 < 150 ms",
        queries <= 10 and p95 < 0.15,
    )


def closing_job(month: Month, villages: int) -> Result:
    """Every village enters ten exceptions and declares, all at the same time; then one roll-up and the whole check."""
    world.add_cadres()
    sql = "SELECT code FROM households_division WHERE length(code) = 12 ORDER BY code LIMIT %(n)s"
    codes = column(sql, {"n": villages})
    saves: list[float] = []
    lock = threading.Lock()

    def close(code: str) -> None:
        cadre = User.objects.select_related("division").get(username=f"bench-{code}")
        for raws in (list(_entries(month, code)), [{"op_id": str(uuid4()), "type": "declare"}]):
            taken = seconds(partial(_applied, month, raws, cadre))
            with lock:
                saves.append(taken)

    with ThreadPoolExecutor(HANDS) as hands:
        whole = seconds(lambda: list(hands.map(close, codes)))
    rollup.roll_up(month)
    troubles = _lost_or_doubled(month, codes) + [f"{drift.name} {drift.where}" for drift in verify(month)]
    p95 = percentile(saves, 0.95)
    return Result(
        f"{villages} 个村同时申报",
        f"p95 {took(p95)}，共 {took(whole)}，{len(troubles)} 处差错",
        f"{len(saves)} 次保存",
        "",
        "无差错，p95 < 300 ms",
        not troubles and p95 < 0.3,
    )


def _applied(month: Month, raws: list[dict[str, Any]], cadre: User) -> None:
    assert cadre.division
    outcomes = apply_ops(month=month, village=cadre.division, raws=raws, base_version=None, by=cadre).outcomes
    refused = [outcome.reason for outcome in outcomes if outcome.status is not Status.APPLIED]
    if refused:
        raise UnequalRows(f"{cadre.username}: {refused[0]}")


def _lost_or_doubled(month: Month, codes: list[str]) -> list[str]:
    """Villages that do not have exactly ten exceptions and one declaration."""
    sql = f"""
        SELECT s.village_id FROM scoring_sheet s
        WHERE s.period_id = %(month)s AND s.village_id = ANY (%(codes)s)
          AND (s.state <> 'declared'
               OR (SELECT count(*) FROM scoring_declaration d WHERE d.sheet_id = s.id) <> 1
               OR (SELECT count(*) FROM scoring_scoreevent e
                   WHERE e.period_id = s.period_id AND {sql_within("e.code", "s.village_id")}) <> %(n)s)
    """
    wrong = column(sql, {"month": month, "codes": codes, "n": EXCEPTIONS})
    known = column("SELECT count(*) FROM scoring_sheet WHERE period_id = %(month)s", {"month": month})[0]
    return wrong if known == len(codes) else [*wrong, f"{known} 张台账"]
