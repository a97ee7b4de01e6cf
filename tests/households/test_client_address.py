"""Who asks: the connection's address, or behind a proxy that the settings name the last address that is no such proxy."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from dongkou.middleware import RequestLog
from households.attempts import Counter, came_from_stranger, client_address

PROXY, SECOND_PROXY, STRANGER = "127.0.0.1", "10.1.0.7", "203.0.113.9"


def asked(connection: str, forwarded: str | None = None) -> str:
    given = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=connection, **given))


@pytest.fixture
def trusted(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network(PROXY), ip_network("10.1.0.0/24"), ip_network("fd00::/8")]


def test_forwarded_address_is_ignored_unless_the_proxy_is_named() -> None:
    assert asked(PROXY, STRANGER) == PROXY


@pytest.mark.parametrize(
    ("connection", "forwarded", "client"),
    [
        (PROXY, STRANGER, STRANGER),
        (PROXY, None, PROXY),
        (PROXY, "", PROXY),
        (PROXY, f"198.51.100.1, {STRANGER}", STRANGER),  # the client wrote the first one
        (PROXY, f"198.51.100.1,{STRANGER}, {SECOND_PROXY}", STRANGER),
        (PROXY, f"{STRANGER}, nonsense", PROXY),
        (PROXY, f"nonsense, {STRANGER}", STRANGER),
        (PROXY, SECOND_PROXY, SECOND_PROXY),
        (STRANGER, "198.51.100.1", STRANGER),
        ("", STRANGER, ""),
        ("unix:", STRANGER, ""),
        (PROXY, f"{STRANGER}:4711", STRANGER),
        (PROXY, "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        ("::ffff:127.0.0.1", STRANGER, STRANGER),
        ("fd00::1", "::ffff:203.0.113.9", STRANGER),
        ("fe80::1%eth0", STRANGER, "fe80::"),
        (PROXY, "9" * 5000, PROXY),
    ],
)
@pytest.mark.usefixtures("trusted")
def test_last_address_that_is_no_proxy_is_the_client(connection: str, forwarded: str | None, client: str) -> None:
    assert asked(connection, forwarded) == client


def test_one_connection_cannot_be_many_clients_by_its_ipv6_addresses() -> None:
    assert asked("2001:db8:1:2::5") == asked("2001:db8:1:2:ffff::6") != asked("2001:db8:1:3::5")


@given(st.text(max_size=60), st.text(max_size=60))
def test_garbage_is_never_an_error(connection: str, forwarded: str) -> None:
    assert isinstance(asked(connection, forwarded), str)


@pytest.mark.usefixtures("trusted")
def test_two_clients_behind_one_proxy_have_counts_of_their_own() -> None:
    counter = Counter("test", "tests.clients", 3600)
    first, second = (
        RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=address) for address in (STRANGER, "::2")
    )
    counter.note(first)
    assert (counter.counted(first)[0], counter.counted(second)[0]) == (1, 0)


def test_forwarded_address_from_a_stranger_is_noticed(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=STRANGER)
    assert came_from_stranger(request)
    settings.TRUSTED_PROXIES = [ip_network(PROXY)]
    assert not came_from_stranger(request)
    assert not came_from_stranger(RequestFactory().get("/", REMOTE_ADDR=STRANGER))


def test_log_tells_once_of_forwarded_addresses_that_are_ignored(caplog: pytest.LogCaptureFixture) -> None:
    layer = RequestLog(lambda _request: HttpResponse())
    for _ in range(3):
        layer(RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=STRANGER))
    assert caplog.text.count("forwarded_address_ignored") == 1
    assert STRANGER not in caplog.text
