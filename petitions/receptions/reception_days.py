"""Which day is Enterprise Day, and which week has no meetings. Pure.

Source: the founding practice as `domain.md` 3.4 tells it: the 23rd of each month, and "the last week of the month". What
happens when the 23rd is not worked, and which week is the last, the county says by a rule in the settings. Of a year whose
holidays are not out yet only the weekends are known, as in `households.workdays`.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from households.workdays.workdays import DAY, is_workday, known, on_or_after, on_or_before

ENTERPRISE_DAY = 23
_WORKED = 5  # Monday to Friday
_WEEK = timedelta(days=7)


class EnterpriseRule(StrEnum):
    """What happens to Enterprise Day when the 23rd is a weekend or a holiday."""

    KEEP = "keep"
    BEFORE = "before"
    AFTER = "after"


class WeekRule(StrEnum):
    """Which week is the no-meeting week."""

    LAST_WORKDAY = "last_workday"
    LAST_FULL_WEEK = "last_full_week"
    LAST_SEVEN_DAYS = "last_seven_days"


@dataclass(frozen=True, slots=True)
class EnterpriseDay:
    """The day, and the 23rd that it stands for."""

    day: date
    nominal: date

    @property
    def moved(self) -> bool:
        return self.day != self.nominal

    @property
    def worked(self) -> bool:
        """Whether offices work on it."""
        return is_workday(self.day)

    @property
    def certain(self) -> bool:
        """Whether the year's holidays are out."""
        return known(self.nominal.year)


@dataclass(frozen=True, slots=True)
class QuietWeek:
    """The no-meeting week from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def certain(self) -> bool:
        """Whether the year's holidays are out."""
        return known(self.first.year)

    @property
    def workdays(self) -> list[date]:
        """The days of it on which offices work."""
        days = (self.first + DAY * number for number in range((self.last - self.first).days + 1))
        return [day for day in days if is_workday(day)]


def enterprise_day(year: int, month: int, rule: EnterpriseRule) -> EnterpriseDay:
    """The month's Enterprise Day: the 23rd, or by the rule the last working day up to it, or the first from it on."""
    nominal = date(year, month, ENTERPRISE_DAY)
    if rule is EnterpriseRule.BEFORE:
        return EnterpriseDay(on_or_before(nominal), nominal)
    if rule is EnterpriseRule.AFTER:
        return EnterpriseDay(on_or_after(nominal), nominal)
    return EnterpriseDay(nominal, nominal)


def quiet_week(year: int, month: int, rule: WeekRule) -> QuietWeek:
    """The month's no-meeting week: Monday to Friday of the week of its last working day, or by the rule the last full
    week from Monday to Sunday, or the month's last seven days."""
    last = date(year, month, monthrange(year, month)[1])
    if rule is WeekRule.LAST_SEVEN_DAYS:
        return QuietWeek(last - _WEEK + DAY, last)
    if rule is WeekRule.LAST_FULL_WEEK:
        sunday = last - DAY * ((last.weekday() + 1) % 7)
        return QuietWeek(sunday - _WEEK + DAY, sunday)
    monday = (worked := on_or_before(last)) - DAY * worked.weekday()
    return QuietWeek(monday, monday + DAY * (_WORKED - 1))
