"""The calendar: which day each step falls on, what is due, and settings that make no sense."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.months import month_of, spoken
from households.workdays.workdays import is_workday
from scoring.months.calendar import (
    DEFAULT_SETTINGS,
    DUTIES,
    CalendarError,
    CalendarRules,
    MonthCalendar,
    Phase,
    check_settings,
)
from scoring.states import SYSTEM, SheetAction, SheetState

OCTOBER = MonthCalendar("2026-10")
any_days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
months = any_days.map(month_of)
sound_settings = (
    st.lists(st.integers(1, 28), min_size=6, max_size=6)
    .map(sorted)
    .filter(lambda d: d[1] > d[0] and d[4] > d[3])
    .map(lambda d: dict(zip(DEFAULT_SETTINGS, d, strict=True)))
)


def changed(**days: int) -> dict[str, int]:
    return DEFAULT_SETTINGS | days


def test_days_of_october():
    days = (OCTOBER.opens_on, OCTOBER.closes_on, OCTOBER.review_until, OCTOBER.post_from, OCTOBER.post_until)
    assert [spoken(day) for day in days] == ["10月1日", "10月31日", "11月3日", "11月4日", "11月8日"]


def test_later_days_of_october():
    days = (OCTOBER.objections_until, OCTOBER.freeze_on, OCTOBER.redeem_from)
    assert [spoken(day) for day in days] == ["11月11日", "11月12日", "11月15日"]


def test_december_is_reviewed_in_january():
    assert MonthCalendar("2026-12").review_until == date(2027, 1, 4)  # the 3rd is a Sunday


def test_february_closes_on_its_own_last_day():
    assert MonthCalendar("2028-02").closes_on == date(2028, 2, 29)


@given(months, sound_settings)
def test_days_follow_each_other_under_any_sound_settings(month, settings):
    calendar = MonthCalendar(month, settings)
    days = [calendar.closes_on, calendar.declare_until, calendar.review_until, calendar.post_from, calendar.post_until]
    days += [calendar.objections_until, calendar.freeze_on, calendar.redeem_from]
    assert days == sorted(days)


@given(months, sound_settings, any_days)
def test_every_day_has_a_phase_and_phases_never_go_back(month, settings, day):
    calendar = MonthCalendar(month, settings)
    order = list(Phase)
    assert order.index(calendar.phase(day)) <= order.index(calendar.phase(day + timedelta(days=1)))


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2026, 9, 30), Phase.BEFORE),
        (date(2026, 10, 1), Phase.ENTRY),
        (date(2026, 10, 31), Phase.ENTRY),
        (date(2026, 11, 1), Phase.REVIEW),
        (date(2026, 11, 3), Phase.REVIEW),
        (date(2026, 11, 4), Phase.POSTING),
        (date(2026, 11, 8), Phase.POSTING),
        (date(2026, 11, 9), Phase.OBJECTIONS),
        (date(2026, 11, 11), Phase.OBJECTIONS),
        (date(2026, 11, 12), Phase.FROZEN),
        (date(2026, 11, 14), Phase.FROZEN),
        (date(2026, 11, 15), Phase.REDEEMING),
        (date(2027, 5, 1), Phase.REDEEMING),
    ],
)
def test_phase_on_the_edges(day, phase):
    assert OCTOBER.phase(day) is phase


def test_gaps_between_the_steps_have_their_own_phases():
    calendar = MonthCalendar("2026-10", changed(post_from=6, freeze_on=14))
    assert calendar.phase(date(2026, 11, 4)) is Phase.PREPARING
    assert calendar.phase(date(2026, 11, 13)) is Phase.FREEZING


# Holidays


def test_township_is_not_late_on_the_first_day_after_national_day():
    step = MonthCalendar("2026-09").step_for(SheetState.DECLARED)
    assert step.sentence(date(2026, 10, 8)) == "请在10月8日（含）前完成审核。"
    assert step.sentence(date(2026, 10, 9)) == "审核已逾期 1 天，请尽快完成。"


def test_what_follows_a_moved_review_moves_along():
    calendar = MonthCalendar("2026-09")
    days = (calendar.post_from, calendar.post_until, calendar.objections_until, calendar.freeze_on)
    assert [spoken(day) for day in days] == ["10月9日", "10月13日", "10月16日", "10月19日"]  # the 17th is a Saturday
    assert spoken(calendar.redeem_from) == "10月22日"
    assert calendar.posted(date(2026, 10, 4)) == calendar.posted(calendar.post_from)


def test_declaration_due_on_a_weekend_moves_to_monday():
    assert OCTOBER.step_for(SheetState.OPEN).sentence(date(2026, 11, 1)) == "请在11月2日（含）前完成申报。"
    assert OCTOBER.step_for(SheetState.OPEN).days_late(date(2026, 11, 2)) == 0
    assert OCTOBER.review_until == date(2026, 11, 3)


def test_days_of_a_year_that_is_not_arranged_yet_keep_off_the_holidays_of_the_law():
    calendar = MonthCalendar("2027-01")  # Spring Festival 2027: 5 to 8 February, before anything else is arranged
    assert calendar.declare_until == date(2027, 2, 1)
    assert calendar.review_until == date(2027, 2, 3)
    assert calendar.freeze_on == date(2027, 2, 12)


@given(months, sound_settings)
def test_nobody_s_last_day_is_a_day_off(month, settings):
    calendar = MonthCalendar(month, settings)
    due = (calendar.declare_until, calendar.review_until, calendar.objections_until, calendar.freeze_on)
    assert all(is_workday(day) for day in due)
    shown = (calendar.post_until - calendar.post_from).days
    assert shown == settings["post_until"] - settings["post_from"]


# Steps of one sheet


@pytest.mark.parametrize(
    ("state", "day", "action"),
    [
        (SheetState.OPEN, date(2026, 10, 28), None),
        (SheetState.OPEN, date(2026, 10, 29), SheetAction.DECLARE),
        (SheetState.OPEN, date(2026, 11, 20), SheetAction.DECLARE),
        (SheetState.DECLARED, date(2026, 10, 31), None),
        (SheetState.DECLARED, date(2026, 11, 1), SheetAction.APPROVE),
        (SheetState.REVIEWED, date(2026, 11, 3), None),
        (SheetState.REVIEWED, date(2026, 11, 4), SheetAction.POST),
        (SheetState.POSTED, date(2026, 11, 11), None),
        (SheetState.POSTED, date(2026, 11, 12), SheetAction.FREEZE),
        (SheetState.FROZEN, date(2027, 1, 1), None),
    ],
)
def test_step_due_from_its_day_on(state, day, action):
    step = OCTOBER.step_due(state, day)
    assert (step.action if step else None) is action


@pytest.mark.parametrize(
    ("state", "role"),
    [
        (SheetState.OPEN, "cadre"),
        (SheetState.DECLARED, "township"),
        (SheetState.REVIEWED, SYSTEM),
        (SheetState.POSTED, SYSTEM),
    ],
)
def test_step_names_who_takes_it(state, role):
    assert OCTOBER.step_for(state).role == role


def test_a_frozen_sheet_waits_for_nothing():
    assert OCTOBER.step_for(SheetState.FROZEN) is None


def test_a_sheet_posted_in_time_is_frozen_on_the_day():
    assert OCTOBER.posted(date(2026, 11, 4)).freeze_on == date(2026, 11, 12)


def test_a_sheet_posted_early_gains_nothing():
    assert OCTOBER.posted(date(2026, 11, 1)).freeze_on == date(2026, 11, 12)


def test_a_sheet_posted_late_is_shown_just_as_long():
    days = OCTOBER.posted(date(2026, 11, 9))
    assert days.post_until == date(2026, 11, 13)
    assert days.objections_until == date(2026, 11, 16)
    assert days.freeze_on == date(2026, 11, 17)


def test_freezing_waits_for_a_sheet_posted_late():
    posted_on = date(2026, 11, 9)
    assert OCTOBER.step_due(SheetState.POSTED, date(2026, 11, 12), posted_on) is None
    assert OCTOBER.step_due(SheetState.POSTED, date(2026, 11, 17), posted_on).action is SheetAction.FREEZE


@given(months, any_days)
def test_posting_always_lasts_as_long_as_the_settings_say(month, day):
    calendar = MonthCalendar(month)
    posted_on = max(day, calendar.post_from)
    assert (calendar.posted(posted_on).post_until - posted_on).days == 4


def test_sentence_before_the_day():
    step = OCTOBER.step_for(SheetState.OPEN)
    assert step.sentence(date(2026, 10, 30)) == "请在11月2日（含）前完成申报。"
    assert step.days_late(date(2026, 10, 31)) == 0


def test_sentence_after_the_day():
    step = OCTOBER.step_for(SheetState.DECLARED)
    assert step.sentence(date(2026, 11, 5)) == "审核已逾期 2 天，请尽快完成。"


def test_sentence_of_the_system():
    step = OCTOBER.step_for(SheetState.POSTED)
    assert step.sentence(date(2026, 11, 5)) == "系统将于11月12日自动锁定。"


# Duties of each role


def test_duties_during_entry_name_the_last_day():
    assert "11月2日（含）前" in OCTOBER.duties(date(2026, 10, 20))["cadre"]


def test_duties_during_review_are_the_township_s():
    assert OCTOBER.duties(date(2026, 11, 2))["township"] == "请在11月3日（含）前审核完各村2026年10月的申报。"


def test_duties_during_posting_tell_the_villager_how_long():
    sentence = OCTOBER.duties(date(2026, 11, 5))["villager"]
    assert "到11月8日为止" in sentence
    assert "11月11日（含）前提异议" in sentence


def test_nobody_has_duties_before_the_month():
    assert OCTOBER.duties(date(2026, 9, 1)) == {}


@pytest.mark.parametrize("phase", list(DUTIES))
def test_every_duty_is_a_whole_sentence(phase):
    assert all(text.endswith("。") and "{month}" in text for text in DUTIES[phase].values())


@pytest.mark.parametrize(
    ("phase", "roles"),
    [
        (Phase.ENTRY, "leader cadre department petition_office"),
        (Phase.REVIEW, "cadre township county_office"),
        (Phase.PREPARING, "township county_office"),
        (Phase.POSTING, "villager supervisor cadre department township"),
        (Phase.OBJECTIONS, "villager supervisor department township"),
        (Phase.FREEZING, "township county_office"),
        (Phase.FROZEN, "villager cadre county_office"),
        (Phase.REDEEMING, "villager cadre"),
    ],
)
def test_who_has_something_to_do_in_each_phase(phase, roles):
    assert list(DUTIES[phase]) == roles.split()


@given(months, st.integers(-3, 80), sound_settings)
def test_duties_leave_no_placeholder(month, after, settings):
    calendar = MonthCalendar(month, settings)
    assert not any("{" in text for text in calendar.duties(calendar.opens_on + timedelta(days=after)).values())


@pytest.mark.parametrize("after", range(80))
def test_duties_of_every_day_are_told(after):
    calendar = MonthCalendar("2026-10", changed(post_from=6, freeze_on=14))
    day = calendar.opens_on + timedelta(days=after)
    assert len(calendar.duties(day)) == len(DUTIES[calendar.phase(day)])


# Settings


def test_months_run_on_the_usual_days_unless_told_otherwise():
    assert [*MonthCalendar("2026-10").settings.values()] == [3, 4, 8, 11, 12, 15]


def test_first_and_last_safe_day_pass():
    check_settings(changed(review_until=1, redeem_from=28))


@given(sound_settings)
def test_sound_settings_pass(settings):
    check_settings(settings)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (changed(review_until=0), "审核截止日应是 1 到 28"),
        (changed(redeem_from=29), "兑换开始日应是 1 到 28"),
        (changed(review_until=True), "审核截止日应是 1 到 28"),
        (changed(post_from=3), "公示开始日（3）应晚于审核截止日（3）"),
        (changed(post_until=3), "公示截止日（3）不能早于公示开始日（4）"),
        (changed(objections_until=7), "提异议截止日（7）不能早于公示截止日（8）"),
        (changed(freeze_on=11), "锁定日（11）应晚于提异议截止日（11）"),
        (changed(redeem_from=11), "兑换开始日（11）不能早于锁定日（12）"),
        (changed(lunch=12), "没有“lunch”这一项"),
        ({}, "审核截止日"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, reason):
    with pytest.raises(CalendarError) as refusal:
        MonthCalendar("2026-10", settings)
    assert reason in str(refusal.value)


def test_objections_may_end_with_the_posting():
    assert (
        MonthCalendar("2026-10", changed(post_until=6, objections_until=6)).phase(date(2026, 11, 7)) is Phase.FREEZING
    )


def test_redemption_may_start_on_the_day_of_freezing():
    assert MonthCalendar("2026-10", changed(redeem_from=12)).phase(date(2026, 11, 12)) is Phase.REDEEMING


@pytest.mark.parametrize(
    ("month", "rules", "days"),
    [
        # declare_until, review_until, post_from, objections_until, freeze_on, redeem_from
        ("2026-01", CalendarRules(), ["02-02", "02-03", "02-04", "02-11", "02-12", "02-15"]),
        ("2024-01", CalendarRules(), ["01-31", "02-04", "02-05", "02-18", "02-19", "02-22"]),  # 10—17 February is off
        ("2024-01", CalendarRules(shifts=False), ["01-31", "02-03", "02-04", "02-11", "02-12", "02-15"]),
        ("2028-01", CalendarRules(), ["01-31", "02-03", "02-04", "02-11", "02-14", "02-17"]),  # not arranged yet
        ("2028-02", CalendarRules(), ["02-29", "03-03", "03-04", "03-13", "03-14", "03-17"]),
        ("2027-02", CalendarRules(), ["03-01", "03-03", "03-04", "03-11", "03-12", "03-15"]),
        ("2025-12", CalendarRules(), ["12-31", "01-04", "01-05", "01-12", "01-13", "01-16"]),  # 4 January is worked
        ("2025-12", CalendarRules(entry_until=2), ["01-04", "01-05", "01-06", "01-13", "01-14", "01-17"]),
        ("2026-12", CalendarRules(entry_until=2), ["01-04", "01-05", "01-06", "01-13", "01-14", "01-17"]),
        ("2030-04", CalendarRules(), ["04-30", "05-03", "05-04", "05-13", "05-14", "05-17"]),
    ],
)
def test_days_over_february_year_end_spring_festival_and_years_not_arranged(month, rules, days):
    found = MonthCalendar(month, rules=rules)
    shown = (found.declare_until, found.review_until, found.post_from)
    shown += (found.objections_until, found.freeze_on, found.redeem_from)
    assert [f"{day:%m-%d}" for day in shown] == days


def test_notice_stays_readable_for_fifteen_days_also_after_freezing():
    days = OCTOBER.posted(date(2026, 11, 4))
    assert (days.notice_until - date(2026, 11, 4)).days == 15 and days.notice_until > days.freeze_on
    longer = MonthCalendar("2026-10", rules=CalendarRules(notice_days=30)).posted(date(2026, 11, 9))
    assert longer.notice_until == date(2026, 12, 9)


def test_village_that_was_given_longer_is_late_only_after_it():
    found = MonthCalendar("2026-10", extended=date(2026, 11, 10))
    assert (found.days_late(date(2026, 11, 10)), found.days_late(date(2026, 11, 12))) == (0, 2)
    assert (found.review_until, found.post_from) == (date(2026, 11, 11), date(2026, 11, 12))
    assert OCTOBER.days_late(date(2026, 11, 10)) == 8


def test_longer_time_that_is_no_longer_takes_nothing_away():
    assert MonthCalendar("2026-10", extended=date(2026, 10, 5)).declare_until == OCTOBER.declare_until


@pytest.mark.parametrize("rules", [CalendarRules(entry_until=3), CalendarRules(notice_days=14)])
def test_rules_that_leave_no_time_are_refused(rules):
    with pytest.raises(CalendarError, match=r"录入截止日|至少可查 15 天"):
        MonthCalendar("2026-10", rules=rules)
