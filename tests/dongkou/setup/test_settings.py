"""Settings refuse bad values with one sentence that names the variable."""

import base64
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dongkou import addresses, environment, given_keys, settings
from tests.processes import manage

SOCKETS = Path("/sockets")
CALENDAR = {
    "review_until": 3,
    "post_from": 4,
    "post_until": 8,
    "objections_until": 11,
    "freeze_on": 12,
    "redeem_from": 15,
}


@pytest.fixture
def given(monkeypatch):
    """Set one environment variable."""
    return lambda value, name="X": monkeypatch.setenv(name, value)


def refused(call, *words):
    """One line that holds all the words."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        call()
    text = str(refusal.value)
    assert "\n" not in text
    assert all(word in text for word in words), text


@pytest.mark.parametrize("value", ["true", "yes", "2", "-1"])
def test_a_switch_takes_only_0_and_1(given, value):
    given(value)
    refused(lambda: environment.env_switch("X"), "X", value)


@pytest.mark.parametrize(("value", "meaning"), [("", False), ("0", False), ("1", True), (" 1 ", True)])
def test_a_switch_is_read(given, value, meaning):
    given(value)
    assert environment.env_switch("X") is meaning


@pytest.mark.parametrize("value", ["4", "721", "ten", "5.5", "-6"])
def test_a_number_outside_its_bounds_is_refused(given, value):
    given(value)
    refused(lambda: environment.env_number("X", 30, 5, 720), "X", "5", "720", value)


def test_a_number_has_a_default_and_both_bounds(given):
    assert environment.env_number("X", 30, 5, 720) == 30
    given("5")
    assert environment.env_number("X", 30, 5, 720) == 5


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"unknown_day": 3}',
        '{"freeze_on": 29}',
        '{"freeze_on": 0}',
        '{"freeze_on": "12"}',
        '{"freeze_on": true}',
        '{"freeze_on": 12.5}',
        '{"freeze_on": 8}',
        '{"review_until": 4}',
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(given, text):
    given(text)
    refused(lambda: environment.env_calendar("X", CALENDAR), "X")


def test_a_calendar_may_name_only_what_differs(given):
    given('{"freeze_on": 13}')
    assert environment.env_calendar("X", CALENDAR) == CALENDAR | {"freeze_on": 13}


@pytest.mark.parametrize("url", ["sqlite:///db", "mysql://u@h/d", "localhost/db", "postgresql://h:port/d"])
def test_only_postgresql_is_taken(given, url):
    given(url, "DATABASE_URL")
    refused(lambda: addresses.database("DATABASE_URL", "x", SOCKETS), "DATABASE_URL")


def test_a_database_url_is_read_with_its_socket_folder(given):
    given("postgresql://u:p@%2Ftmp%2Fs:5433/d", "DATABASE_URL")
    found = addresses.database("DATABASE_URL", "x", SOCKETS)
    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == ("/tmp/s", 5433, "d", "u")


def test_a_database_url_may_name_several_hosts(given):
    given("postgresql://u:p@one:5433,two,[::1]:5434/d?target_session_attrs=read-write", "DATABASE_URL")
    found = addresses.database("DATABASE_URL", "x", SOCKETS)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("one,two,::1", "5433,5432,5434", "d")
    assert (found["USER"], found["PASSWORD"]) == ("u", "p")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"


def test_owner_and_reader_have_addresses_of_their_own_or_the_applications(given, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert addresses.database("DATABASE_OWNER_URL", "dongkou_owner", SOCKETS)["USER"] == "dongkou_owner"
    given("postgresql://app@h/d", "DATABASE_URL")
    assert addresses.database("DATABASE_OWNER_URL", "x", SOCKETS)["USER"] == "app"
    given("postgresql://own@h/d", "DATABASE_OWNER_URL")
    assert addresses.database("DATABASE_OWNER_URL", "x", SOCKETS)["USER"] == "own"


def test_pooler_is_for_web_servers_and_takes_no_options(given, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    given("postgresql://app@pool:6432/d?application_name=x", "DATABASE_POOLER_URL")
    for role in ("worker", "beat", ""):
        given(role, "DONGKOU_ROLE")
        assert addresses.pooled(SOCKETS) == {}
    given("web", "DONGKOU_ROLE")
    refused(lambda: addresses.pooled(SOCKETS), "DATABASE_POOLER_URL", "DATABASE_URL")
    given("postgresql://app@h/d", "DATABASE_URL")
    found = addresses.pooled(SOCKETS)
    assert (found["HOST"], found["PORT"], found["DISABLE_SERVER_SIDE_CURSORS"]) == ("pool", 6432, True)
    assert found["OPTIONS"]["application_name"] == "x"
    assert "options" not in found["OPTIONS"]


def test_replicas_are_named_behind_one_another_and_soon_left(given, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert addresses.replicas() == []
    given("postgresql://app@one:5433/d; postgresql://app@two/d?connect_timeout=7", "DATABASE_REPLICA_URL")
    refused(addresses.replicas, "DATABASE_REPLICA_URL", "DATABASE_URL")
    given("postgresql://app@h/d", "DATABASE_URL")
    first, second = addresses.replicas()
    assert (first["HOST"], first["PORT"], second["HOST"]) == ("one", 5433, "two")
    assert (first["OPTIONS"]["connect_timeout"], second["OPTIONS"]["connect_timeout"]) == (2, 7)
    assert first["OPTIONS"]["tcp_user_timeout"] == 3000
    given("mysql://app@one/d", "DATABASE_REPLICA_URL")
    refused(addresses.replicas, "DATABASE_REPLICA_URL")


@pytest.mark.parametrize("url", ["http://h", "redis://h/zero", "redis:///1", "unix://", "h:6379"])
def test_a_broker_of_another_kind_is_refused(given, url):
    given(url, "REDIS_URL")
    refused(lambda: addresses.redis_url(0, "unix:///none"), "REDIS_URL")


@pytest.mark.parametrize(
    ("url", "cache", "results"),
    [
        ("redis://h:6379", "redis://h:6379/2", "redis://h:6379/1"),
        ("redis://:p@h:6379/4", "redis://:p@h:6379/6", "redis://:p@h:6379/5"),
        ("rediss://h/0?ssl_cert_reqs=none", "rediss://h/2?ssl_cert_reqs=none", "rediss://h/1?ssl_cert_reqs=none"),
        ("unix:///x/y.sock?db=3", "unix:///x/y.sock?db=5", "redis+socket:///x/y.sock?virtual_host=4"),
    ],
)
def test_messages_results_and_cache_lie_in_three_databases(given, url, cache, results):
    given(url, "REDIS_URL")
    assert addresses.redis_url(2, "unix:///none") == cache
    assert addresses.celery_url(1, "unix:///none") == results


@pytest.mark.parametrize("key", ["short", "x" * 43, "不是密钥"])
def test_a_field_key_of_the_wrong_size_is_refused(key):
    refused(lambda: given_keys.field_keys(key), "DONGKOU_FIELD_KEY")


def test_later_field_keys_stand_behind_the_first():
    one, two = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"1", b"2"))
    assert given_keys.field_keys(one) == {1: b"1" * 32}
    assert given_keys.field_keys(f"{one}, 2:{two}") == {1: b"1" * 32, 2: b"2" * 32}
    for wrong in (f"{one},{two}", f"{one},1:{two}", f"{one},256:{two}", f"{one},x:{two}"):
        refused(lambda text=wrong: given_keys.field_keys(text), "DONGKOU_FIELD_KEY")


def test_a_short_secret_key_is_refused(given):
    given("short", "DONGKOU_SECRET_KEY")
    refused(lambda: given_keys.load_keys(settings.LAYOUT), "DONGKOU_SECRET_KEY", "32")


def test_keys_from_the_environment_win(given):
    given("s" * 32, "DONGKOU_SECRET_KEY")
    secret, code, _ = given_keys.load_keys(settings.LAYOUT)
    assert secret == "s" * 32 != code


def test_keys_from_the_environment_alone_need_no_file_and_codes_hang_on_the_signing_key_unless_given(
    given, monkeypatch
):
    monkeypatch.setattr(given_keys, "read_or_make", None)
    given("s" * 32, "DONGKOU_SECRET_KEY")
    given(base64.urlsafe_b64encode(b"f" * 32).decode(), "DONGKOU_FIELD_KEY")
    assert given_keys.load_keys(settings.LAYOUT) == ("s" * 32, "s" * 32, {1: b"f" * 32})
    given("c" * 32, "DONGKOU_CODE_KEY")
    assert given_keys.load_keys(settings.LAYOUT)[1] == "c" * 32


def test_keys_lie_where_the_operator_says(given, tmp_path):
    given(str(tmp_path / "elsewhere" / "keys.json"), "DONGKOU_SECRETS")
    secret, _, sealing = given_keys.load_keys(settings.LAYOUT)
    assert secret in (tmp_path / "elsewhere" / "keys.json").read_text()
    assert sealing != settings.FIELD_KEYS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DONGKOU_IDLE_MINUTES", "0"),
        ("SIX_ZERO_CALENDAR", "{"),
        ("DONGKOU_PUBLIC_URL", "ftp://x"),
        ("DATABASE_URL", "x"),
    ],
)
def test_a_command_with_a_bad_setting_ends_with_one_sentence(name, value):
    done = manage("check", env={**os.environ, name: value})
    assert done.returncode == 1
    assert name in done.stderr
    assert done.stderr.count("\n") == 1


def test_sessions_end_after_half_an_hour_and_cookies_are_guarded(settings):
    assert settings.SESSION_COOKIE_AGE == 1800
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_pages_may_load_from_nowhere_but_here(settings):
    sources = {source for values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in values}
    assert sources == {"'self'", "'none'", "data:"}


@pytest.mark.parametrize("text", ["14,60", "60,60", "0", "301", "sixty", "60,-1"])
def test_notices_out_of_order_or_range_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("X", text)
    refused(lambda: environment.env_notices("X", [60, 14]), "X")


@pytest.mark.parametrize(("text", "days"), [("", [60, 14]), ("30", [30]), ("90, 30,7", [90, 30, 7])])
def test_notices_are_days_before_the_end_of_the_year(
    monkeypatch: pytest.MonkeyPatch, text: str, days: list[int]
) -> None:
    monkeypatch.setenv("X", text)
    assert environment.env_notices("X", [60, 14]) == days


def test_choice_is_one_of_the_known_words_and_the_first_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.env_choice("X", "keep", "after") == "keep"
    monkeypatch.setenv("X", " after ")
    assert environment.env_choice("X", "keep", "after") == "after"
    monkeypatch.setenv("X", "sometimes")
    refused(lambda: environment.env_choice("X", "keep", "after"), "X", "keep", "sometimes")


@pytest.mark.parametrize("value", ["nginx", "127.0.0.1;10.0.0.1", "10.0.0.1/24", "127.0.0.1,,x", "0.0.0.0/0", "::/0"])
def test_proxies_that_are_no_addresses_or_everybody_are_refused(given, value):
    given(value)
    refused(lambda: environment.env_networks("X"), "X")


def test_proxies_are_addresses_and_networks(given):
    assert environment.env_networks("X") == []
    given(" 127.0.0.1, 10.1.0.0/24 ,::1")
    assert [str(network) for network in environment.env_networks("X")] == ["127.0.0.1/32", "10.1.0.0/24", "::1/128"]
