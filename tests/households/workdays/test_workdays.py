from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.workdays import statutory, workdays
from households.workdays.statutory import qingming
from households.workdays.workdays import DayKind


def on(text: str) -> date:
    return date.fromisoformat(text)


DAYS = st.dates(on("2004-01-01"), on("2040-12-31"))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2024-02-09", DayKind.WORKDAY),  # New Year's Eve was no statutory holiday that year
        ("2024-02-10", DayKind.HOLIDAY),
        ("2024-02-17", DayKind.HOLIDAY),
        ("2024-02-18", DayKind.MAKE_UP),
        ("2024-02-24", DayKind.WEEKEND),
        ("2025-01-26", DayKind.MAKE_UP),
        ("2025-01-28", DayKind.HOLIDAY),
        ("2026-01-04", DayKind.MAKE_UP),
        ("2026-02-16", DayKind.HOLIDAY),
        ("2099-10-01", DayKind.HOLIDAY),  # a Thursday of a year whose arrangement is not out
        ("2099-10-04", DayKind.WEEKEND),
        ("2099-10-05", DayKind.WORKDAY),
        ("2003-10-01", DayKind.WORKDAY),  # before all that is known
    ],
)
def test_kind_of_a_day(day: str, kind: DayKind) -> None:
    assert workdays.kind(on(day)) is kind


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2025-01-01", "元旦"),
        ("2025-01-29", "春节"),
        ("2025-04-04", "清明节"),
        ("2025-05-01", "劳动节"),
        ("2024-06-10", "端午节"),
        ("2025-10-02", "国庆节"),
        ("2024-09-17", "中秋节"),
        ("2015-09-03", "抗战胜利纪念日"),
    ],
)
def test_every_holiday_has_its_name(day: str, name: str) -> None:
    assert workdays.holiday_name(on(day)) == name


def test_holiday_is_named_in_chinese() -> None:
    assert workdays.holiday_name(on("2024-02-12")) == "春节"
    assert workdays.holiday_name(on("2024-02-24")) == ""
    assert workdays.holiday_name(on("2099-10-01")) == "国庆节"
    assert workdays.holiday_name(on("2099-10-08")) == ""


def test_year_without_arrangement_is_unknown() -> None:
    assert workdays.known(2024)
    assert not workdays.known(2099)
    assert not workdays.known(2003)


def test_day_off_at_new_year_does_not_make_the_year_known() -> None:
    days = {on("2026-02-16"): "Spring Festival", on("2026-10-01"): "National Day", on("2027-01-01"): "New Year's Day"}
    assert workdays.arranged(days) == {2026}


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2024-02-09", 3, "2024-02-20"),  # Spring Festival, then Sunday 18 February is worked
        ("2024-02-01", 2, "2024-02-04"),  # Sunday 4 February is worked
        ("2024-09-30", 5, "2024-10-12"),  # National Day, then Saturday 12 October is worked
        ("2025-12-30", 2, "2026-01-04"),  # over the year's end to a worked Sunday
        ("2024-03-01", 0, "2024-03-01"),
        ("2024-03-02", 1, "2024-03-04"),
    ],
)
def test_add_workdays(start: str, count: int, end: str) -> None:
    assert workdays.add_workdays(on(start), count) == on(end)


def test_workdays_between_counts_back_too() -> None:
    assert workdays.workdays_between(on("2024-02-09"), on("2024-02-20")) == 3
    assert workdays.workdays_between(on("2024-02-20"), on("2024-02-09")) == -3


@given(DAYS, st.integers(0, 40))
def test_added_workdays_are_counted_again(start, count):
    assert workdays.workdays_between(start, workdays.add_workdays(start, count)) == count


@given(DAYS)
def test_nearest_workdays_enclose_the_day(day):
    before, after = workdays.on_or_before(day), workdays.on_or_after(day)
    assert before <= day <= after
    assert workdays.is_workday(before) and workdays.is_workday(after)
    assert after - before < timedelta(days=12)
    assert (before == day) == workdays.is_workday(day) == (after == day)


def test_day_is_the_day_in_shanghai() -> None:
    assert workdays.local_day(datetime(2024, 3, 1, 15, 59, tzinfo=UTC)) == on("2024-03-01")
    assert workdays.local_day(datetime(2024, 3, 1, 16, 0, tzinfo=UTC)) == on("2024-03-02")


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        workdays.local_day(datetime(2024, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("at", "within"),
    [
        ("2024-02-19T08:29", False),
        ("2024-02-19T08:30", True),
        ("2024-02-19T17:29", True),
        ("2024-02-19T17:30", False),
        ("2024-02-18T10:00", True),  # a worked Sunday
        ("2024-02-12T10:00", False),  # Spring Festival, a Monday
        ("2024-02-24T10:00", False),
    ],
)
def test_working_hours(at: str, within: bool) -> None:
    assert workdays.in_working_hours(datetime.fromisoformat(at).replace(tzinfo=workdays.SHANGHAI)) is within


def fixed_by_law(year: int) -> dict[date, str]:
    """Worked out anew: what is remembered tells nothing of how it came."""
    return statutory.fixed_by_law.__wrapped__(year)


def test_law_in_this_wording_begins_in_2025() -> None:
    assert fixed_by_law(2024) == {}
    assert fixed_by_law(2025)[on("2025-01-01")] == "元旦"


def lunar_days(year: int) -> list[tuple[date, int]]:
    """New Year's, Dragon Boat and Mid-Autumn Day, each with the days that it stands behind its new moon."""
    fixed = fixed_by_law(year)
    [dragon_boat] = [day for day, name in fixed.items() if name == "端午节"]
    mid_autumn = [day for day, name in fixed.items() if name == "中秋节"]
    new_year = sorted(day for day, name in fixed.items() if name == "春节")[1]
    return [(new_year, 0), (dragon_boat, 4), *((day, 14) for day in mid_autumn)]


@pytest.mark.parametrize("year", range(2025, 2041))
def test_lunar_holidays_stand_at_their_moon(year: int) -> None:
    """The mean new moon (Meeus, Astronomical Algorithms, 49.1) is at most fourteen hours from the true one."""
    within_national_day = year in {2028, 2031, 2039}  # which names the day
    assert len(lunar_days(year)) == (2 if within_national_day else 3)
    assert on(f"{year}-01-21") <= lunar_days(year)[0][0] <= on(f"{year}-02-20")
    for day, behind in lunar_days(year):
        since = (day - on("2000-01-06")).days - behind + 0.5 - 18.24 / 24 - 8 / 24
        moons = since / 29.530588861
        assert abs(moons - round(moons)) * 29.53 < 1.2


@pytest.mark.parametrize("year", [2025, 2026])
def test_law_fixes_holidays_that_the_arrangement_names_alike(year: int) -> None:
    fixed = fixed_by_law(year)
    assert len(fixed) == 13
    assert {day: workdays.holiday_name(day) for day in fixed} == fixed


YEAR_2027 = {
    "元旦": ["2027-01-01"],
    "春节": ["2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08"],
    "清明节": ["2027-04-05"],
    "劳动节": ["2027-05-01", "2027-05-02"],
    "端午节": ["2027-06-09"],
    "中秋节": ["2027-09-15"],
    "国庆节": ["2027-10-01", "2027-10-02", "2027-10-03"],
}


def test_year_2027_has_what_the_law_fixes() -> None:
    assert fixed_by_law(2027) == {on(day): name for name, listed in YEAR_2027.items() for day in listed}


def test_year_beyond_the_lunar_table_has_the_holidays_by_the_sun() -> None:
    assert sorted(fixed_by_law(2041)) == [
        on(f"2041-{day}") for day in ["01-01", "04-04", "05-01", "05-02", "10-01", "10-02", "10-03"]
    ]


def test_year_2027_before_its_arrangement_knows_what_the_law_fixes() -> None:
    assert not workdays.known(2027)
    days = [on("2027-01-01") + timedelta(days=number) for number in range(365)]
    found = [day for day in days if workdays.kind(day) is DayKind.HOLIDAY]
    assert found == sorted(on(day) for listed in YEAR_2027.values() for day in listed)
    assert all(workdays.holiday_name(on(day)) == name for name, listed in YEAR_2027.items() for day in listed)


def test_working_days_pass_over_the_new_year_before_it_is_arranged() -> None:
    assert workdays.add_workdays(on("2026-12-30"), 3) == on("2027-01-05")  # 31 December, then Monday the 4th


@pytest.mark.parametrize(
    ("year", "day"), [(2024, 4), (2025, 4), (2026, 5), (2027, 5), (2028, 4), (2031, 5), (2032, 4), (2033, 4), (2039, 5)]
)
def test_qingming(year: int, day: int) -> None:
    assert qingming(year) == date(year, 4, day)
