"""Statements that take long stand in the log, without what was asked for."""

from typing import Any

import pytest
import structlog
from django.db import connection
from structlog.testing import capture_logs

from dongkou.watching import slow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unused_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that has told nothing yet: one in use keeps the processors that it began with."""
    monkeypatch.setattr(slow, "log", structlog.get_logger())


PERSONAL = "13800000001"


def told(ms: int, settings: Any, sql: str, params: list[str] | None = None) -> list[dict[str, Any]]:
    """Lines about one statement, with the limit at so many milliseconds."""
    settings.SLOW_MS = ms
    with capture_logs() as lines, connection.cursor() as cursor:
        cursor.execute(sql, params)
    return [line for line in lines if line["event"] == "slow_statement"]


def test_slow_statement_is_told_as_it_is_written(settings: Any) -> None:
    slow.watch(None, connection)
    [line] = told(50, settings, "SELECT pg_sleep(0.06),\n   %s", [PERSONAL])
    assert line["sql"] == "SELECT pg_sleep(0.06), %s"
    assert line["ms"] >= 50
    assert PERSONAL not in str(line)


def test_quick_statement_is_not(settings: Any) -> None:
    slow.watch(None, connection)
    assert told(5000, settings, "SELECT %s", [PERSONAL]) == []


def test_of_a_statement_without_parameters_only_its_first_words_are_told(settings: Any) -> None:
    slow.watch(None, connection)
    [line] = told(50, settings, f"SELECT pg_sleep(0.06) AS something_slow, '{PERSONAL}'")
    assert line["sql"].startswith("SELECT pg_sleep(0.06)") and PERSONAL not in str(line)


def test_every_connection_of_the_product_is_timed_once() -> None:
    connection.ensure_connection()
    slow.watch(None, connection)
    slow.watch(None, connection)
    assert connection.execute_wrappers.count(slow.timed) == 1
