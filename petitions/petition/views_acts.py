"""The steps of a petition as the pages offer them: form, action, and the words afterwards. Roles and states: petitions.states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from petitions import choices
from petitions.cases.actions import merging
from petitions.erasing import actions as erasing
from petitions.filing.actions.papers import answer_with_papers
from petitions.filing.uploads import papers
from petitions.models import Petition, RatedSubject
from petitions.petition import forms
from petitions.states import PetitionAction
from petitions.steps import closing, handling, routing

Data = dict[str, Any]
Do = Callable[..., object]
_A, _P = PetitionAction, Permission


@dataclass(frozen=True, slots=True)
class PetitionAct:
    """One step: by whom it may be made at all, with which form, through which action, and how it is told afterwards.

    `look` "quiet" stands below the others, closed.
    """

    permission: Permission
    form: type[forms.StepForm]
    do: Do
    done: str
    look: str = ""
    button: str = ""


def _call(action: Do) -> Do:
    """An action whose keywords are the form's fields."""

    def do(petition: Petition, data: Data, by: User) -> object:
        return action(petition=petition, by=by, **data)

    return do


def _unseen(action: Do) -> Do:
    """An action that may be made whatever happened meanwhile."""

    def do(petition: Petition, data: Data, by: User) -> object:
        return action(petition=petition, by=by, **{name: data[name] for name in data if name != "seen"})

    return do


def _answer(petition: Petition, data: Data, by: User) -> object:
    given = {name: data[name] for name in ("op_id", "told", "seen")}
    return answer_with_papers(petition=petition, by=by, papers=papers(data["files"]), **given)


def _recuse(petition: Petition, data: Data, by: User) -> object:
    person = by if data["person"] == by.username else User.objects.get(username=data["person"])
    return handling.recuse(op_id=data["op_id"], petition=petition, by=by, person=person, note=data["note"])


def _merge(petition: Petition, data: Data, by: User) -> object:
    return merging.merge(petition=petition, by=by, **data | {"into": _other(data["into"], by, "into")})


def _classify(petition: Petition, data: Data, by: User) -> object:
    same_as = data["same_as"].strip()
    case = _other(same_as, by, "same_as").case if same_as else None
    given = {name: data[name] for name in ("op_id", "seen", "content", "kind", "demand", "note")}
    return merging.classify(petition=petition, by=by, case=case, accused=tuple(data["accused"]), **given)


def _other(number: str, by: User, field: str) -> Petition:
    found = Petition.objects.visible_to(by).filter(number=number.strip()).select_related("case").first()
    if found is None:
        raise Refused("not_found", "没有找到这个编号的信访件。", hint="请核对编号。", fields={field: "没有这一件"})
    return found


def _rate(petition: Petition, data: Data, by: User) -> object:
    given = {"subject": RatedSubject.UNIT, "score": data["score"], "comment": data["note"]}
    return closing.rate(op_id=data["op_id"], petition=petition, by=by, **given)


ACTS: dict[PetitionAction, PetitionAct] = {
    _A.ERASE: PetitionAct(_P.ROUTE_PETITIONS, forms.EraseForm, _call(erasing.erase), "已清除，来信人会看到。"),
    _A.REFUSE_ERASURE: PetitionAct(
        _P.ROUTE_PETITIONS, forms.ToldForm, _call(erasing.refuse_erasure), "已答复来信人：不予清除。"
    ),
    _A.ACCEPT: PetitionAct(_P.ROUTE_PETITIONS, forms.AcceptForm, _call(routing.accept), "已受理，办理期限从今天起算。"),
    _A.ASSIGN: PetitionAct(
        _P.ROUTE_PETITIONS, forms.AssignForm, _call(routing.assign), "已交办，承办单位的列表里可以看到。"
    ),
    _A.HANDLE: PetitionAct(
        _P.WORK_PETITIONS,
        forms.SituationForm,
        _call(handling.handle),
        "办理情况已记下，请答复来信人。",
    ),
    _A.ANSWER: PetitionAct(_P.WORK_PETITIONS, forms.AnswerForm, _answer, "已答复，等来信人确认。"),
    _A.CLOSE: PetitionAct(_P.ROUTE_PETITIONS, forms.MaybeNoteForm, _call(closing.close), "已办结。"),
    _A.REVIEW: PetitionAct(_P.ROUTE_PETITIONS, forms.OutcomeForm, _call(closing.review), "复查意见已答复。"),
    _A.FINAL_REVIEW: PetitionAct(
        _P.ROUTE_PETITIONS, forms.OutcomeForm, _call(closing.final_review), "复核意见已答复。"
    ),
    _A.EXTEND: PetitionAct(_P.ROUTE_PETITIONS, forms.ExtendForm, _call(routing.extend), "已延期，期限重新算过。"),
    _A.RATE: PetitionAct(_P.ROUTE_PETITIONS, forms.CallBackForm, _rate, "回访结果已记下。", button="记下回访结果"),
    _A.NOTE: PetitionAct(_P.SEE_PETITIONS, forms.NoteForm, _unseen(handling.note), "备注已记下，只有内部看得到。"),
    _A.TELL: PetitionAct(_P.SEE_PETITIONS, forms.ToldForm, _call(handling.tell), "已告知来信人。"),
    _A.SUPPLEMENT: PetitionAct(
        _P.ROUTE_PETITIONS, forms.SituationForm, _unseen(closing.supplement), "补充材料已记下。"
    ),
    _A.ASK_EXTENSION: PetitionAct(
        _P.WORK_PETITIONS,
        forms.StepReasonForm,
        _call(handling.ask_extension),
        "已申请延期，等信访局批准。",
        look="quiet",
    ),
    _A.CONTEST: PetitionAct(
        _P.WORK_PETITIONS,
        forms.StepReasonForm,
        _call(handling.contest),
        "异议已提出，等信访局重新确定承办单位。",
        look="quiet",
    ),
    _A.RETURN: PetitionAct(
        _P.ROUTE_PETITIONS, forms.StepReasonForm, _call(routing.return_to_unit), "已退回承办单位。", look="quiet"
    ),
    _A.REDIRECT: PetitionAct(
        _P.ROUTE_PETITIONS, forms.RedirectForm, _call(routing.redirect), "已转其他途径，来信人会看到。", look="quiet"
    ),
    _A.NOT_ACCEPT: PetitionAct(
        _P.ROUTE_PETITIONS,
        forms.PathForm,
        _call(routing.not_accept),
        "已告知来信人不予受理和可走的途径。",
        look="quiet",
    ),
    _A.PAUSE: PetitionAct(_P.ROUTE_PETITIONS, forms.ToldForm, _call(routing.pause), "计时已暂停。", look="quiet"),
    _A.RESUME: PetitionAct(_P.ROUTE_PETITIONS, forms.MaybeNoteForm, _call(routing.resume), "计时已恢复。"),
    _A.REMIND: PetitionAct(_P.ROUTE_PETITIONS, forms.MaybeNoteForm, _unseen(routing.remind), "已催办。", look="quiet"),
    _A.SUPERVISE: PetitionAct(
        _P.SUPERVISE_PETITIONS, forms.SituationForm, _call(routing.supervise), "督办已发出。", look="quiet"
    ),
    _A.REOPEN: PetitionAct(
        _P.ROUTE_PETITIONS, forms.StepReasonForm, _call(closing.reopen), "已重新办理。", look="quiet"
    ),
    _A.ASK_REVIEW: PetitionAct(
        _P.ROUTE_PETITIONS, forms.SituationForm, _call(closing.ask_review), "复查申请已登记。", look="quiet"
    ),
    _A.ASK_FINAL_REVIEW: PetitionAct(
        _P.ROUTE_PETITIONS, forms.SituationForm, _call(closing.ask_final_review), "复核申请已登记。", look="quiet"
    ),
    _A.CLASSIFY: PetitionAct(_P.ROUTE_PETITIONS, forms.ClassifyForm, _classify, "分类已调整。", look="quiet"),
    _A.MERGE: PetitionAct(
        _P.ROUTE_PETITIONS, forms.MergeForm, _merge, "已并案，两边的来信人都能看到进展。", look="quiet"
    ),
    _A.UNMERGE: PetitionAct(_P.ROUTE_PETITIONS, forms.StepReasonForm, _call(merging.unmerge), "已取消并案，重新登记。"),
    _A.HOLD: PetitionAct(
        _P.ROUTE_PETITIONS, forms.StepReasonForm, _call(erasing.hold), "已设为暂不清除。", look="quiet"
    ),
    _A.RELEASE: PetitionAct(
        _P.ROUTE_PETITIONS, forms.StepReasonForm, _call(erasing.release), "已解除，到期会自动清除。", look="quiet"
    ),
    _A.RECUSE: PetitionAct(_P.SEE_PETITIONS, forms.RecuseForm, _recuse, "回避已记下。", look="quiet"),
}


def form_of(action: PetitionAction, petition: Petition, user: User, data: Any = None, **options: Any) -> forms.StepForm:
    """The form of a step, with what there is to choose from."""
    more: dict[str, Any] = {}
    if action is PetitionAction.ASSIGN:
        more = {"units": choices.units_for(petition)}
    elif action is PetitionAction.CLASSIFY:
        more = {"units": choices.accusable(petition)}
    elif action is PetitionAction.RECUSE:
        more = {"people": choices.recusable(petition, user)}
    return ACTS[action].form(petition, data, auto_id=f"{action}-%s", **more, **options)


def address(action: PetitionAction) -> str:
    """The last part of a step's address and of its URL name."""
    return action.value.replace("_", "-")
