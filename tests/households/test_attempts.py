"""Counters by network address, and waits in words: rounded up, never nothing."""

import time

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.crypto import salted_hmac
from hypothesis import given
from hypothesis import strategies as st

from households import attempts
from households.attempts import Counter, spoken_wait
from households.refusals import Refused

ADDRESS = "203.0.113.9"
COUNTER = Counter("test", "tests.attempts", 3600)


def request_from(address: str = ADDRESS) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def written_before(key: str, salt: str, window: int, count: int) -> None:
    """A count as versions before the shared counter wrote it, in this window and, should it end just now, in the next."""
    address = salted_hmac(salt, ADDRESS).hexdigest()
    for number in (int(time.time() // window), int(time.time() // window) + 1):
        cache.set(key.format(number=number, address=address), count, window)


def test_each_address_has_a_count_of_its_own() -> None:
    for _ in range(3):
        COUNTER.note(request_from())
    COUNTER.note(request_from("203.0.113.10"))
    assert [COUNTER.counted(request_from(address))[0] for address in (ADDRESS, "203.0.113.10", "")] == [3, 1, 0]
    assert 0 < COUNTER.counted(request_from())[1] <= 3600


def test_counters_do_not_mix() -> None:
    COUNTER.note(request_from())
    assert Counter("other", COUNTER.salt, 3600).counted(request_from())[0] == 0
    assert Counter(COUNTER.name, COUNTER.salt, 600).counted(request_from())[0] == 0


@pytest.mark.parametrize("kind", ["pin", "petition"])
def test_address_locked_before_an_upgrade_stays_locked(kind: str) -> None:
    written_before(f"attempts:{kind}:{{number}}:{{address}}", "households.attempts", 600, 30)
    with pytest.raises(Refused, match="输错太多次"):
        attempts.check(kind, request_from())
    attempts.check(kind, request_from("203.0.113.10"))


def test_last_failure_that_is_allowed_is_the_thirtieth() -> None:
    for _ in range(29):
        attempts.note_failure("pin", request_from())
    attempts.check("pin", request_from())
    attempts.note_failure("pin", request_from())
    with pytest.raises(Refused) as refused:
        attempts.check("pin", request_from())
    assert refused.value.status == 429 and "以后再试" in refused.value.hint


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "1 分钟"),
        (0, "1 分钟"),
        (59, "1 分钟"),
        (61, "2 分钟"),
        (899.5, "15 分钟"),
        (3599, "1 小时"),
        (3600, "1 小时"),
        (3601, "2 小时"),
        (86_400, "24 小时"),
    ],
)
def test_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert spoken_wait(seconds) == words


@given(st.floats(min_value=0, max_value=1e6))
def test_wait_is_never_told_too_short(seconds: float) -> None:
    number, unit = spoken_wait(seconds).split()
    assert int(number) * (60 if unit == "分钟" else 3600) >= seconds
