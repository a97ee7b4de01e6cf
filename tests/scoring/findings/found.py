"""Findings of the small world, filed and answered through the doors."""

from datetime import date
from uuid import uuid4

from households.models import User
from households.operations import Answer
from households.roles import Role
from scoring.findings.actions.filing import file
from scoring.models import Finding
from tests.world import DAY, VILLAGE, World

ONE, TWO = (f"{VILLAGE}01000{number}" for number in (1, 2))
OWN, OTHERS = "WJ07", "WR07"  # of the forests' office, and of another one
DOCUMENT = "林罚〔2024〕7号"


def raw(
    code: str = ONE, clause: str = OWN, *, day: date = DAY, document: str = DOCUMENT, **more: object
) -> dict[str, object]:
    place = "household" if len(code) == 18 else "division"
    return {place: code, "clause": clause, "date": day.isoformat(), "document_no": document, **more}


def found(world: World, code: str = ONE, clause: str = OWN, *, by: User | None = None, **more: object) -> Answer:
    """A finding of 林业局."""
    return file(op_id=uuid4(), raw=raw(code, clause, **more), by=by or world.user(Role.DEPARTMENT))


def finding_of(world: World) -> int:
    """The number of one that came late: the month is signed for."""
    return int(found(world)["id"])


def state(number: int) -> str:
    return str(Finding.objects.whole().get(pk=number).state.value)
