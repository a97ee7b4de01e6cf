"""The State Council's notice, read as it is published."""

from datetime import date, timedelta

import pytest

from households.workdays import workdays
from households.workdays.rules import read_notice
from households.workdays.workdays import Arranged, DayKind
from tests.households.workdays.notices import NOTICE_2025, NOTICE_2026, NOTICE_2027


@pytest.mark.parametrize(("year", "text"), [(2025, NOTICE_2025), (2026, NOTICE_2026)])
def test_published_notice_says_what_the_package_says(year: int, text: str) -> None:
    notice = read_notice(year, text)
    assert notice.problems == []
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    known = [workdays.kind(day) for day in days]
    with workdays.supposing(Arranged(frozenset({year}), notice.days)):
        assert [workdays.kind(day) for day in days] == known


def test_notice_in_other_signs_is_read_alike() -> None:
    spelled = NOTICE_2026.replace("（", "(").replace("）", ")").replace("：", ":").replace("\n", " ")
    assert read_notice(2026, spelled).days == read_notice(2026, NOTICE_2026).days


def test_new_year_may_begin_in_december() -> None:
    text = NOTICE_2027.replace(
        "1月1日（周五）至3日（周日）放假，共3天", "2026年12月31日（周四）至1月2日（周六）放假调休，共3天"
    )
    notice = read_notice(2027, text)
    assert notice.problems == []
    assert date(2026, 12, 31) in notice.off and date(2027, 1, 3) not in notice.off


def test_new_year_in_december_is_of_the_year_before() -> None:
    text = NOTICE_2027.replace(
        "1月1日（周五）至3日（周日）放假，共3天", "12月31日（周四）至2027年1月2日（周六）放假调休，共3天"
    )
    notice = read_notice(2027, text)
    assert notice.problems == []
    assert date(2026, 12, 31) in notice.off


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1月1日（周五）", "1月1日（周四）", "元旦：2027年1月1日是周五，不是周四。请看年份选对没有。"),
        ("放假调休，共7天。1月31日", "放假调休，共8天。1月31日", "春节：写的是共 8 天，读到的放假是 7 天。"),
        ("2月20日（周六）上班", "2月30日（周六）上班", "春节：没有“2月30日(周六)”这一天。"),
        ("5月8日（周六）上班", "5月7日（周五）上班", "2027年5月7日是周五，本来就上班，不是调休上班日。"),
        (
            "六、中秋节：9月15日（周三）放假1天，共1天。\n",
            "",
            "2027年9月15日（中秋节）是法定节日，通知里没有列为放假。",
        ),
        ("10月9日（周六）上班", "10月9日（周六）", "国庆节：2027年10月9日没有写明是放假还是上班。"),
    ],
)
def test_notice_that_cannot_be_right_is_told_so(old: str, new: str, words: str) -> None:
    assert old in NOTICE_2027
    assert words in read_notice(2027, NOTICE_2027.replace(old, new)).problems


@pytest.mark.parametrize("text", ["", "明年的假期", "元旦"])
def test_text_that_is_no_notice_is_refused(text: str) -> None:
    assert "没有读到节日" in read_notice(2027, text).problems[0]


def test_entered_year_comes_before_what_the_law_fixes() -> None:
    with workdays.supposing(Arranged(frozenset({2027}), read_notice(2027, NOTICE_2027).days)):
        assert workdays.known(2027)
        assert workdays.kind(date(2027, 1, 31)) is DayKind.MAKE_UP
        assert workdays.kind(date(2027, 2, 11)) is DayKind.HOLIDAY
        assert workdays.add_workdays(date(2027, 1, 29), 2) == date(2027, 2, 1)
    assert not workdays.known(2027)
