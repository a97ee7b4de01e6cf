"""The ladder of reminders up to a supervision order, as facts that follow from a clock. Pure.

A reminder before the due day falls on the last working day up to it, one after it on a working day, and all go out in working hours. When
the schedule stood still, only the highest rung that is due is climbed: nobody gets three reminders in one minute.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from households.workdays.workdays import DAY, add_workdays, day_label, in_working_hours, local_day, on_or_before
from petitions.clock_types import SOON_DAYS, Clock

SUPERVISED_AFTER = 5  # working days after the due day
HOLIDAYS = timedelta(days=12)  # more than any row of days off: a reminder may come that much earlier


class Rung(IntEnum):
    SOON = 1
    LAST_DAY = 2
    LATE = 3
    SUPERVISE = 4

    @property
    def label(self) -> str:
        """The rung in Chinese."""
        return _LABELS[self]


_LABELS = {
    Rung.SOON: "到期前提醒",
    Rung.LAST_DAY: "到期日提醒",
    Rung.LATE: "超期催办",
    Rung.SUPERVISE: "超期督办",
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """One rung of one clock: `day` is the working day on which it is climbed."""

    rung: Rung
    clock: Clock
    day: date

    @property
    def text(self) -> str:
        """What it says; the same whenever it is sent, so that a repetition is recognised."""
        assert self.clock.due is not None  # without a due day there is no ladder
        due = day_label(self.clock.due)
        what = self.clock.key.label
        return {
            Rung.SOON: f"“{what}”将在{due}到期，请抓紧办理。",
            Rung.LAST_DAY: f"“{what}”在{due}到期，请在期限内办完。",
            Rung.LATE: f"“{what}”已在{due}到期，请立即办理并说明原因。",
            Rung.SUPERVISE: f"“{what}”在{due}到期后 {SUPERVISED_AFTER} 个工作日仍未办完，现予督办，请立即办理并书面说明原因。",
        }[self.rung]

    def op_id(self, number: str) -> UUID:
        """The same for the same petition, clock, due day and rung: a repetition is harmless, a new due day starts anew."""
        name = f"dongkou:petition:{number}:{self.clock.key}:{self.clock.round}:{self.clock.due}:{self.rung.value}"
        return uuid5(NAMESPACE_URL, name)


def reminders(clock: Clock) -> list[Reminder]:
    """The rungs of a clock that is owed and runs, lowest first; none while it is paused."""
    if clock.due is None or not clock.running or not clock.key.owed:
        return []
    soon = max(on_or_before(clock.due - DAY * _notice(clock)), clock.start)
    days = {
        Rung.SOON: soon,
        Rung.LAST_DAY: max(on_or_before(clock.due), clock.start),
        Rung.LATE: add_workdays(clock.due, 1),
        Rung.SUPERVISE: add_workdays(clock.due, SUPERVISED_AFTER),
    }
    return [Reminder(rung, clock, day) for rung, day in days.items()]


def _notice(clock: Clock) -> int:
    """Days before the due day of the first reminder: fewer for the short clocks in working days."""
    return 1 if clock.working else SOON_DAYS


def climbed(clock: Clock, now: datetime) -> Reminder | None:
    """The highest rung that is due at `now`; None outside working hours, and before the first."""
    if not in_working_hours(now):
        return None
    today = local_day(now)
    due = [each for each in reminders(clock) if each.day <= today]
    return due[-1] if due else None
