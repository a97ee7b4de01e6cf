"""What the pages of the calendar send. The rules themselves are in `scoring.timetable.actions`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from households.fields import OnceForm, day_field, number_field, reason_field
from households.months import label, month_of, shift
from scoring.models.calendars import DAYS
from scoring.months.calendar import LAST_SAFE_DAY, LEAST_NOTICE_DAYS, MAX_NOTICE_DAYS, SETTING_LABELS, MonthCalendar

OFFERED = 12  # months ahead


def _day(name: str) -> forms.IntegerField:
    return number_field(SETTING_LABELS[name], least=1, most=LAST_SAFE_DAY)


class CalendarForm(OnceForm):
    """From which month on, the days, and why."""

    from_month = forms.ChoiceField(label="从哪个月起")
    entry_until = number_field("录入截止日", most=LAST_SAFE_DAY, help_text="次月几日。填 0，就是当月最后一天。")
    review_until = _day("review_until")
    post_from = _day("post_from")
    post_until = _day("post_until")
    objections_until = _day("objections_until")
    freeze_on = _day("freeze_on")
    redeem_from = _day("redeem_from")
    notice_days = number_field(
        "公示内容可查天数",
        least=LEAST_NOTICE_DAYS,
        most=MAX_NOTICE_DAYS,
        help_text=f"从公示那天算起，锁定以后也能查；法律要求至少 {LEAST_NOTICE_DAYS} 天。",
    )
    shifts = forms.BooleanField(label="遇到放假顺延到下一个工作日", required=False)
    reason = reason_field("为什么改")

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        this_month = month_of(timezone.localdate())
        field = self.fields["from_month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(month, label(month)) for month in (shift(this_month, by) for by in range(OFFERED))]


def as_sent(calendar: MonthCalendar) -> dict[str, Any]:
    """A month's days as the form begins with them."""
    rules = calendar.rules
    more = {"entry_until": rules.entry_until, "notice_days": rules.notice_days, "shifts": rules.shifts}
    return {**{name: calendar.settings[name] for name in DAYS}, **more}


class LongerForm(OnceForm):
    """Longer for one village."""

    until = day_field("延到哪天（含）")
    reason = reason_field("原因")


class ForceForm(OnceForm):
    """Ask that it be frozen before its time."""

    reason = reason_field("为什么等不到锁定日")


class DecideForceForm(OnceForm):
    """Grant it, or refuse with an answer."""

    forced = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("grant", "同意"), ("refuse", "不同意")])
    answer = reason_field("不同意时写明原因", required=False)
