"""Several petitions, one matter: merging, and how a petition is classified.

A petition that is merged rests, and its filer follows the one that took it in; both stay in one case, the life story.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from households.models import User
from households.refusals import Refused
from petitions import units
from petitions.clocks.deadlines import handed_over, promised_days
from petitions.models import Accused, Case, Content, Demand, Petition, PetitionKind
from petitions.publishing.actions import take_down
from petitions.states import PetitionAction, PetitionState
from petitions.steps.against_office import is_against_office
from petitions.steps.history import last_at, locked, take, write
from petitions.steps.step import Step, Words

_ENDED = (PetitionState.MERGED, PetitionState.WITHDRAWN, PetitionState.REDIRECTED, PetitionState.NOT_ACCEPTED)


def merge(
    *,
    op_id: UUID,
    petition: Petition,
    into: Petition,
    by: User,
    told: str,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """-> merged: handled from now on together with `into`, which counts from the earlier start. `told` tells its filer.

    Refused when either has been merged already, when others were merged into `petition` (merge the other way round),
    and when the two accuse different people: one of them would read the other's accusation.
    """

    def act(found: Petition, step: Step) -> None:
        main = locked(into)
        _check_pair(found, main, by)
        data = {"merged": found.number, "since": handed_over(found)}
        step.changes |= {"merged_into": main, "case": main.case}
        write(main, Step(PetitionAction.TELL, by, step.role, at=_not_before(main, step.at), data=data))

    return take(
        PetitionAction.MERGE,
        op_id=op_id,
        petition=petition,
        by=by,
        data={"into": into.number},
        act=act,
        words=Words(told, note),
        seen=seen,
        at=at,
        also=into,
    )


def _check_pair(petition: Petition, main: Petition, by: User) -> None:
    if not Petition.objects.visible_to(by).filter(pk=main.pk).exists() or petition.county != main.county:
        raise Refused("not_found", "没有找到要并入的信访件。", hint="请核对编号。", fields={"into": "没有这一件"})
    if petition.pk == main.pk or main.status in _ENDED:
        raise Refused(
            "cannot_take_in", f"不能并入{main.number}。", hint="请选另一件正在办理的信访。", fields={"into": "不能并入"}
        )
    if petition.merged.exists():
        raise Refused("has_merged", "已有别的信访件并入这一件。", hint="请反过来，把另一件并入这一件。")
    if petition.is_accusation != main.is_accusation or _accused_of(petition) != _accused_of(main):
        raise Refused("other_accused", "两件的检举控告对象不同，不能并案。", hint="可以记为同一事项，分开办理。")


def _accused_of(petition: Petition) -> set[tuple[Any, ...]]:
    return set(Accused.objects.filter(petition=petition).values_list("department", "division", "user"))


def unmerge(
    *, op_id: UUID, petition: Petition, by: User, note: str, seen: int | None = None, at: datetime | None = None
) -> Petition:
    """merged -> filed: it was another matter after all. It starts anew, in a case of its own, and the one that had taken
    it in counts from its own start again."""

    def act(found: Petition, step: Step) -> None:
        main = locked(into) if into else None
        if main is not None and main.erased_at is None:
            data = {"unmerged": found.number}
            write(main, Step(PetitionAction.TELL, by, step.role, at=_not_before(main, step.at), data=data))
        step.changes |= {"merged_into": None, "case": Case.objects.create(opened_at=found.filed_at)}

    into = Petition.objects.filter(merged=petition).first()
    return take(
        PetitionAction.UNMERGE,
        op_id=op_id,
        petition=petition,
        by=by,
        act=act,
        words=Words(note=note),
        seen=seen,
        at=at,
        also=into,
    )


def _not_before(petition: Petition, at: datetime) -> datetime:
    """When a line about another petition is written: not before the last one there."""
    return max(at, last_at(petition))


def classify(
    *,
    op_id: UUID,
    petition: Petition,
    by: User,
    content: str | None = None,
    kind: str | None = None,
    demand: str | None = None,
    accused: tuple[str, ...] | None = None,
    case: Case | None = None,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Petition:
    """Correct how a petition is classified; what is None stays. `accused` is the whole new list, as in a `Filing`.

    `case` puts it into the life story of another matter. Whom it accuses stands in no history: those who read the
    history of a petition that was wrongly classified would learn of it.
    """
    asked = {"content": content, "kind": kind, "demand": demand}
    changed = {name: value for name, value in asked.items() if value is not None}
    _check_choices(changed)

    def act(found: Petition, step: Step) -> None:
        step.changes |= changed | ({"case": case} if case else {})
        after = changed.get("content", found.content)
        listed = accused if accused is not None else None
        step.changes |= _set_accused(found, listed, after, by)
        if after != found.content:
            step.data |= promised_days(after)
        if after == Content.ACCUSATION:
            take_down(found, by=by, reason="改为检举控告")

    data = changed | ({"case": case.pk} if case else {})
    return take(
        PetitionAction.CLASSIFY,
        op_id=op_id,
        petition=petition,
        by=by,
        data=data,
        act=act,
        words=Words(note=note),
        seen=seen,
        at=at,
        extra=accused,
    )


def _check_choices(changed: dict[str, str]) -> None:
    choices = {"content": Content, "kind": PetitionKind, "demand": Demand}
    wrong = {name: "不在选项里" for name, value in changed.items() if value not in choices[name].values}
    if wrong:
        raise Refused("invalid", "请从选项里选。", fields=wrong)


def _set_accused(petition: Petition, listed: tuple[str, ...] | None, content: str, by: User) -> dict[str, bool]:
    """Write the new list down. Returns the column that keeps it from the petition office, where that is accused now.

    The office's own people may say so of what came to them as something else: from then on another body has it.
    """
    if content != Content.ACCUSATION and petition.against_office:
        hint = "不成立的，按检举控告答复。"
        raise Refused("stays_accusation", "这件反映的是信访局自身，不能改成别的类别。", hint=hint)
    standing = Accused.objects.filter(petition=petition)
    if content != Content.ACCUSATION and (listed or (listed is None and standing.exists())):
        raise Refused(
            "accused_named",
            "只有检举控告才有检举控告对象。",
            hint="请先清空对象，或选检举控告。",
            fields={"accused": "应为空"},
        )
    if listed is None:
        return {}
    named = units.accused(listed)
    kept_away = petition.against_office or is_against_office(named, by=None)
    standing.delete()
    Accused.objects.bulk_create(Accused(petition=petition, **one) for one in named)
    return {"against_office": True} if kept_away else {}
