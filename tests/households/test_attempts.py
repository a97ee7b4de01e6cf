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
def test_failures_counted_before_an_upgrade_still_count(kind: str) -> None:
    written_before(f"attempts:{kind}:{{number}}:{{address}}", "households.attempts", 600, 30)
    assert attempts.note_failure(kind, request_from())
    assert not attempts.note_failure(kind, request_from("203.0.113.10"))


def test_thirty_failures_are_nothing_and_one_more_is_told_curtly() -> None:
    told = [attempts.note_failure("pin", request_from()) for _ in range(32)]
    assert told == [False] * 30 + [True] * 2
    refusal = attempts.too_many("密码不对。")
    assert refusal.status == 429 and "输对了马上就能进" in refusal.hint


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
