"""People get a page while the schema is brought up to date, and an older program serves nobody afterwards."""

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from dongkou.lacking import MIGRATING, OUTDATED
from dongkou.maintenance import Watchman, maintenance, watchman
from tests.waiting import until

TOMORROW = "INSERT INTO django_migrations (app, name, applied) VALUES ('scoring', '0999_of_tomorrow', now())"


@pytest.fixture
def nothing_left(transactional_db: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_of_tomorrow'")


def asked(site: str, path: str) -> tuple[int, str, str]:
    """Status, when to come again, and the page."""
    try:
        with urlopen(f"{site}{path}") as answer:
            return answer.status, "", answer.read().decode()
    except HTTPError as answer:
        return answer.code, answer.headers.get("Retry-After", ""), answer.read().decode()


def test_pages_wait_while_somebody_migrates(live_site: str, nothing_left: None) -> None:
    until(lambda: asked(live_site, "/rules/")[0] == 200)  # the site looks once a second, also at what others migrated
    with maintenance():
        # each of the site's processes looks by itself
        until(
            lambda: asked(live_site, "/rules/")[:2] == (503, "10") and "系统正在升级" in asked(live_site, "/rules/")[2]
        )
        until(lambda: '"code": "unavailable"' in asked(live_site, "/api/v1/me/")[2])
        until(lambda: "database" in asked(live_site, "/healthz")[2])
    until(lambda: asked(live_site, "/rules/")[0] == 200)


def test_newer_schema_is_served_by_nobody_older(nothing_left: None) -> None:
    one = Watchman()
    one.look()
    assert one.state == ""
    with maintenance():
        one.look()
        assert one.state == MIGRATING
        with connection.cursor() as cursor:
            cursor.execute(TOMORROW)
    one.look()
    assert one.state == OUTDATED
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_of_tomorrow'")
    one.look()
    assert one.state == ""


def test_state_is_what_people_are_told(client: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchman, "state", OUTDATED)
    answer = client.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "正在换成新版本" in answer.content.decode()


def test_migrating_holds_the_lock(transactional_db: None) -> None:
    one, seen = Watchman(), []

    def look(**_given: object) -> None:
        one.look()
        seen.append(one.state)

    pre_migrate.connect(look, dispatch_uid="test")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        pre_migrate.disconnect(dispatch_uid="test")
    assert set(seen) == {MIGRATING}
    one.look()
    assert one.state == ""
