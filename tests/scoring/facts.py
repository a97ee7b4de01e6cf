"""Short sentences for the tests of the arithmetic: the county records, someone withdraws, what does the line say."""

from datetime import date

from django.utils import timezone

from scoring.models import DepartmentScore, DivisionScore, HouseholdScore, Mark, ScoreEvent
from scoring.rollup import marks, rollup
from scoring.sheets.events_import import import_events
from tests.world import DAY, MONTH

DOCUMENT = "石政〔2024〕7号"


def record(*facts: tuple[str, str], day: date = DAY) -> None:
    """(code, clause) each: recorded and confirmed by the county office."""
    lines = [f"{code},{day},{clause},{DOCUMENT}," for code, clause in facts]
    text = "household_code|division_code,date,clause_code,document_no,note\n" + "\n".join(lines) + "\n"
    report = import_events(name="events.csv", data=text.encode(), today=timezone.localdate(), again=True)
    assert report.written and not report.errors, report.errors


def withdraw(code: str) -> None:
    """Every standing event of a code, as an upheld objection does: no sheet needs to be open for it."""
    standing = ScoreEvent.objects.standing().filter(code=code)
    assert standing.update(withdrawn_at=timezone.now(), withdraw_reason="异议成立")
    marks.touch(MONTH, [code])


def rolled_up(month: str = MONTH) -> rollup.RollUpReport:
    return rollup.roll_up(month)


def score(code: str) -> int | None:
    """A household's score; None while it has none."""
    return HouseholdScore.objects.filter(month=MONTH, code=code).values_list("score", flat=True).first()


def line(code: str, month: str = MONTH) -> DivisionScore:
    return DivisionScore.objects.get(month=month, code=code)


def sums(code: str) -> tuple[int, int, int]:
    """(active, scored, total) of a division."""
    found = line(code)
    return found.active, found.households, found.total


def department(code: str) -> tuple[int, int]:
    """(weighted households, weighted total)."""
    found = DepartmentScore.objects.get(month=MONTH, department_code=code)
    return found.households, found.total


def marked() -> set[str]:
    return set(Mark.objects.filter(month=MONTH).values_list("code", flat=True))
