"""What a change of places means for petitions: those about a place that ends go on, those at a township that ends are handed on."""

from collections.abc import Iterator

from households.borders.rooms import BorderStep
from households.changes.rooms import ChangeEffect
from households.models import User
from petitions.models import Assignment, Petition

AT = 40


def foresee(step: BorderStep, by: User | None) -> Iterator[ChangeEffect]:
    """Numbers alone, and never more than the reader sees elsewhere."""
    known = Petition.objects.overseen_by(by) | Petition.objects.visible_to(by) if by else Petition.objects.none()
    if count := known.open().filter(place__in=step.ways).count():
        yield ChangeEffect(
            f"停用的地方有 {count} 件没办结的信访事项，编号、承办单位和期限都不变，仍记在原来的地方，凭编号和查询码照常查。"
        )
    ending = Assignment.objects.filter(ended_at=None, division__in=step.ways)
    if count := Petition.objects.open().filter(pk__in=ending.values("petition")).count():
        yield ChangeEffect(f"停用的乡镇正在办 {count} 件信访事项：调整办好后，请信访局当天改派给接续的乡镇。")
