"""What the page of reminders sends."""

from django import forms

from households.fields import OnceForm, day_field
from scoring.sheets.ops import MAX_NOTE


class ReminderDayForm(OnceForm):
    """Until when."""

    until = day_field("限期")


class ReminderFollowForm(OnceForm):
    """The deduction that follows."""

    clause = forms.CharField(label="条款", max_length=20)
    day = day_field("发生日期")
    note = forms.CharField(label="说明", max_length=MAX_NOTE, required=False)
