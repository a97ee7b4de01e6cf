"""What a change of the register does to petitions: nothing. Said with the number of those that its reader may see anyway."""

from collections.abc import Iterator

from households.changes.rooms import ChangeEffect, ChangeStep
from households.models import User
from petitions.models import Petition

AT = 30


def foresee(step: ChangeStep, by: User | None) -> Iterator[ChangeEffect]:
    """Never more than the reader sees elsewhere: whoever carries the change out may be the one a petition is about."""
    seen = Petition.objects.visible_to(by) if by else Petition.objects.none()
    if step.ends and (count := seen.open().filter(household=step.household).count()):
        yield ChangeEffect(f"这一户有 {count} 件您经手的信访事项在办，不受影响，凭编号和查询码照常查。")
