"""Waits in words: rounded up, never nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.waits import spoken_wait


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
