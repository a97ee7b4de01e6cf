"""Which days of scoring a year's arrangement of holidays may move."""

from households.workdays import moves
from scoring.months.months import due_days
from scoring.objections import rearranging as objections
from scoring.timetable import rearranging as months


def register() -> None:
    """Have months and objections asked."""
    moves.register(due_days, months.count_anew)
    moves.register(objections.due_days, objections.count_anew)
