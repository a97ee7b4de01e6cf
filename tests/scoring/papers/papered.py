"""Paper sheets of the small world: printed, keyed in once and twice."""

from uuid import uuid4

from households.models import Division, User
from households.operations import Answer
from households.roles import Role
from scoring.models import PaperSheet
from scoring.papers.actions import key_in, print_paper
from scoring.papers.rules import PaperRow
from tests.scoring.batches.many import DEED, HOMES
from tests.scoring.evidence.photographs import picture
from tests.world import DAY, MONTH, VILLAGE, World


def printed(world: World) -> PaperSheet:
    group = Division.objects.get(code=f"{VILLAGE}01")
    return print_paper(month=MONTH, group=group, by=world.user(Role.GROUP_LEADER))


def line(at: int = 0, clause: str = DEED, note: str = "") -> PaperRow:
    return HOMES[at], DAY.isoformat(), clause, "", note


def keyed(world: World, paper: PaperSheet, *rows: PaperRow, by: User | None = None) -> Answer:
    """First by the leader, with a photo."""
    photo = picture() if by is None else b""
    return key_in(op_id=uuid4(), paper=paper.pk, rows=rows, photo=photo, by=by or world.user(Role.GROUP_LEADER))
