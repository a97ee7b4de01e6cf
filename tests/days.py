"""Days as they are when they are asked for: a module is read once, and a run that goes over midnight would keep yesterday."""

from datetime import date, timedelta

from django.utils import timezone

from households.months import Month, month_of


def today() -> date:
    return timezone.localdate()


def yesterday() -> date:
    return today() - timedelta(days=1)


def first_of_month() -> date:
    return today().replace(day=1)


def this_month() -> Month:
    return month_of(today())
