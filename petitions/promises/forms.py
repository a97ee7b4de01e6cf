"""What is said when a promise moves, is reported, is returned, or ends."""

from households.fields import OnceForm, day_field, words_field
from petitions.choices import INSIDE, OUTSIDE
from petitions.models.events import MAX_TOLD


class PromiseMoveForm(OnceForm):
    due = day_field("新的日期")
    told = words_field("为什么改期", most=MAX_TOLD, rows=2, help_text=OUTSIDE)


class PromiseReportForm(OnceForm):
    note = words_field("做了什么", most=MAX_TOLD, help_text=INSIDE)


class PromiseReturnForm(OnceForm):
    note = words_field("哪里没有兑现", most=MAX_TOLD, rows=2, help_text=INSIDE)


class PromiseToldForm(OnceForm):
    told = words_field("告知来信人", most=MAX_TOLD, help_text=OUTSIDE)
