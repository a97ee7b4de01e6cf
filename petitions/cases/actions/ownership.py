"""Who answers for a whole matter (包案): set, handed over or taken off by the petition office, each time with a reason."""

from uuid import UUID

from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions.models import Case, Petition
from petitions.states import PetitionAction
from petitions.steps.history import take
from petitions.steps.needs import is_bound
from petitions.steps.step import Step, Words

OWNERS = (Role.DEPARTMENT, Role.TOWNSHIP, Role.PETITION_OFFICE)


def set_owner(
    *,
    op_id: UUID,
    petition: Petition,
    owner: User | None,
    by: User,
    note: str,
    told: str = "",
    seen: int | None = None,
) -> Petition:
    """Make `owner` answer for the case of this petition, instead of whoever did; None takes it off. `note` says why.

    Being the owner opens nothing: refused for who cannot read every open petition of the case already, and for who is
    named in one of them or tied to it.
    """

    def act(found: Petition, step: Step) -> None:
        case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=found.case_id)
        if case.owner_id == (owner and owner.pk):
            raise Refused("owner_already", "包案负责人没有变。", fields={"owner": "没有变"}, status=409)
        if owner is not None:
            _check_owner(found, owner)
        step.data |= {"owner": owner and owner.pk, "before": case.owner_id}
        Case.objects.filter(pk=case.pk).update(owner=owner)

    return take(
        PetitionAction.OWN,
        op_id=op_id,
        petition=petition,
        by=by,
        words=Words(told, note),
        seen=seen,
        extra=owner and owner.pk,
        act=act,
    )


def _check_owner(petition: Petition, owner: User) -> None:
    if not owner.is_active or owner.role not in OWNERS:
        raise Refused("owner_wrong", "只能由部门、乡镇或信访局的人包案。", fields={"owner": "不能包案"})
    same = list(Petition.objects.open().filter(case=petition.case_id)) or [petition]
    readable = set(Petition.objects.visible_to(owner).filter(case=petition.case_id).values_list("pk", flat=True))
    if any(one.pk not in readable for one in same):
        raise Refused(
            "owner_not_at_work",
            "这个人所在单位没有承办这件信访。",
            hint="请先交办给该单位，或另选包案负责人。",
            fields={"owner": "没有承办"},
        )
    if any(is_bound(one, owner) for one in same):
        raise Refused("conflict_of_interest", "这个人与这件信访有关联，应当回避。", fields={"owner": "应当回避"})


def owners_for(petition: Petition) -> list[User]:
    """Who may answer for this petition's case: people of the units at work on it, and of the petition office."""
    at_work = petition.assignments.filter(ended_at=None)
    county = petition.county
    staff = User.objects.filter(is_active=True).select_related("department", "division")
    found = (
        staff.filter(role=Role.DEPARTMENT, department__in=at_work.values("department"))
        | staff.filter(role=Role.TOWNSHIP, division__in=at_work.values("division"))
        | staff.filter(role=Role.PETITION_OFFICE, division=county)
    )
    return list(found.order_by("role", "display_name", "pk"))
