"""When a reminder is over, and when it may be followed by a deduction. Pure."""

from datetime import date, timedelta
from enum import StrEnum

USUAL = timedelta(days=7)  # to put it right, where nobody set a day
THIRD = (
    3  # reminders of one household under one zero, from which on a deduction is offered although the day is not over
)
AFTER = "提醒后"  # in the words of clauses that follow a reminder


class ReminderState(StrEnum):
    OPEN = "open"
    PUT_RIGHT = "put_right"
    OVERDUE = "overdue"
    FOLLOWED = "followed"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return LABELS[self]

    @property
    def is_unsettled(self) -> bool:
        """Whether somebody has still to say what became of it."""
        return self in (ReminderState.OPEN, ReminderState.OVERDUE)


LABELS: dict[ReminderState, str] = {
    ReminderState.OPEN: "限期内",
    ReminderState.PUT_RIGHT: "按期改好，到此为止",
    ReminderState.OVERDUE: "过了限期，没有说改好",
    ReminderState.FOLLOWED: "没有改，已经扣分",
}


def reminder_state(*, until: date, put_right: bool, followed: bool, today: date) -> ReminderState:
    """What these amount to on a day."""
    if followed:
        return ReminderState.FOLLOWED
    if put_right:
        return ReminderState.PUT_RIGHT
    return ReminderState.OVERDUE if today > until else ReminderState.OPEN


def offers(state: ReminderState, count: int) -> bool:
    """Whether the deduction is offered: what was not put right in time, or a third reminder; never what was put right."""
    return state is ReminderState.OVERDUE or (state is ReminderState.OPEN and count >= THIRD)


def follows(kind: str, text: str) -> bool:
    """Whether a clause is one that follows a reminder."""
    return kind == "deduct" and AFTER in text
