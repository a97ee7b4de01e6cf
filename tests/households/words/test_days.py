"""A day in the spellings of people, hotlines and spreadsheets."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words.days import DayFault, read

DAY, MORNING = date(2026, 11, 20), time(9, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "2026—11—20",
        "20261120",
        "２０２６年１１月２０日",
        "2026年11月20号",
        "二〇二六年十一月二十日",
        "2026年11月20日（星期五）",
        " 2026-11-20 ",
    ],
)
def test_read_takes_a_day(text: str) -> None:
    assert read(text) == (DAY, None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20 09:12:33", time(9, 12, 33)),
        ("2026-11-20T09:12:33", time(9, 12, 33)),
        ("2026-11-20T09:12:33.250", time(9, 12, 33)),
        ("2026/11/20 9:12", MORNING),
        ("2026年11月20日 9时12分", MORNING),
        ("2026年11月20日 星期五 上午9点12分", MORNING),
        ("2026-11-20 上午9:12", MORNING),
        ("2026-11-20 下午3:05", time(15, 5)),
        ("2026-11-20 pm3:05", time(15, 5)),
        ("2026-11-20 傍晚6:05", time(18, 5)),
        ("2026-11-20 晚上 9:05", time(21, 5)),
        ("2026-11-20 下午12:30", time(12, 30)),
        ("2026-11-20 中午12:30", time(12, 30)),
        ("2026-11-20 凌晨12:30", time(0, 30)),
        ("2026-11-20 上午12:30", time(0, 30)),
        ("2026-11-20 am12:30", time(0, 30)),
        ("2026-11-20 9:12 PM", time(21, 12)),
        ("2026年11月20日下午3点", time(15)),
        ("2026-11-20 12:30 AM", time(0, 30)),
        ("20261120091233", time(9, 12, 33)),
        ("2026-11-20T01:12:00Z", MORNING),
        ("2026-11-20T09:12:00+08:00", MORNING),
    ],
)
def test_read_takes_a_time_behind_the_day(text: str, at: time) -> None:
    assert read(text) == (DAY, at)


def test_read_tells_a_time_of_elsewhere_as_here() -> None:
    assert read("2026-11-19T20:00:00Z") == (DAY, time(4))
    assert read("2026-11-20T23:00:00+09:30") == (DAY, time(21, 30))
    assert read("2026-11-20T23:00:00-03:00") == (date(2026, 11, 21), time(10))
    assert read("2026-11-20T23:00:00+1200") == (DAY, time(19))


def test_first_and_last_year_are_taken() -> None:
    assert read("2000-01-01") == (date(2000, 1, 1), None)
    assert read("2999-12-31") == (date(2999, 12, 31), None)


@pytest.mark.parametrize(
    ("numerals", "day"), [("十", 10), ("十五", 15), ("二十", 20), ("二十九", 29), ("〇九", 9), ("三", 3)]
)
def test_numerals_are_figures(numerals: str, day: int) -> None:
    assert read(f"二〇二六年十月{numerals}日") == (date(2026, 10, day), None)


@pytest.mark.parametrize("numerals", ["二三十", "十二三", "十十", "二十十"])
def test_numerals_that_nobody_writes_are_no_day(numerals: str) -> None:
    with pytest.raises(DayFault):
        read(f"2026年10月{numerals}日")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("11/20/2026", "写成 2026-10-05"),
        ("20.11.2026", "写成 2026-10-05"),
        ("2026-11/20", "写成 2026-10-05"),
        ("46346", "写成 2026-10-05"),
        ("26-11-20", "写成 2026-10-05"),
        ("2026-11-20 上班时", "写成 09:12"),
        ("2026-11-20 25:00", "没有这个时间"),
        ("2026-02-30", "没有这一天"),
        ("2999-12-31T23:00:00Z", "年份应在 2000 到 2999"),
        ("", "写成 2026-10-05"),
    ],
)
def test_read_refuses_what_could_mean_another_day(text: str, why: str) -> None:
    with pytest.raises(DayFault, match=why):
        read(text)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2999, 12, 31)))  # noqa: DTZ001 (a wall clock's time)
def test_read_gives_back_what_was_written(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日%H时%M分%S秒"):
        assert read(moment.strftime(form)) == (moment.date(), moment.time())


@given(st.text("0123456789年月日:- 十二〇上午T+Z", max_size=25))
def test_read_fails_only_by_refusing(text: str) -> None:
    try:
        assert 2000 <= read(text)[0].year <= 2999
    except DayFault as fault:
        assert str(fault)
