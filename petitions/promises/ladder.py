"""The reminders of a promise, as facts that follow from its day. Pure.

Like the ladder of petitions (`petitions.clocks.ladder`): some days before, on the last day, after it, and once more a working
week later. Only the highest rung that is due is climbed, in working hours.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from households.workdays.workdays import add_workdays, day_label, in_working_hours, local_day, on_or_before
from petitions.clocks.ladder import SUPERVISED_AFTER, Rung

SOON = timedelta(days=3)  # a promise is often for a week or two


@dataclass(frozen=True, slots=True)
class PromiseReminder:
    """One rung of one promise; `day` is the working day on which it is climbed."""

    rung: Rung
    due: date
    day: date

    @property
    def text(self) -> str:
        """What it says; the same whenever it is sent."""
        due = day_label(self.due)
        return {
            Rung.SOON: f"承诺将在{due}到期，请抓紧兑现。",
            Rung.LAST_DAY: f"承诺在{due}到期，请按期兑现并报信访局核实。",
            Rung.LATE: f"承诺已在{due}到期，请立即兑现，并向信访局说明原因。",
            Rung.SUPERVISE: f"承诺在{due}到期后 {SUPERVISED_AFTER} 个工作日仍未兑现，请立即兑现并书面说明原因。",
        }[self.rung]

    def op_id(self, number: str, promise: int) -> UUID:
        """The same for the same petition, promise, day and rung: a repetition is harmless, a new day starts anew."""
        return uuid5(NAMESPACE_URL, f"dongkou:petition:{number}:promise:{promise}:{self.due}:{self.rung.value}")


def reminders(made: date, due: date) -> list[PromiseReminder]:
    """The rungs of a promise that was made on one day for another, lowest first; none lies before it was made."""
    days = {
        Rung.SOON: max(on_or_before(due - SOON), made),
        Rung.LAST_DAY: max(on_or_before(due), made),
        Rung.LATE: add_workdays(due, 1),
        Rung.SUPERVISE: add_workdays(due, SUPERVISED_AFTER),
    }
    return [PromiseReminder(rung, due, day) for rung, day in days.items()]


def climbed(made: date, due: date, now: datetime) -> PromiseReminder | None:
    """The highest rung that is due at `now`; None outside working hours, and before the first."""
    if not in_working_hours(now):
        return None
    today = local_day(now)
    found = [each for each in reminders(made, due) if each.day <= today]
    return found[-1] if found else None
