"""What can be done to a project, one form and one address each; a refusal comes back on the project's own page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.models import User
from households.operations import once
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from rewards.models import PhotoStage, Project
from rewards.pictures import pictures
from rewards.project_states import ADVANCE_PERCENT, ProjectAction, ProjectState, target
from rewards.projects import forms
from rewards.projects.account import account_of
from rewards.projects.actions import payments, projects, works
from rewards.projects.place import project_in_scope

Data = dict[str, Any]
HINTS: dict[ProjectAction, str] = {
    ProjectAction.START: "资金和节点都有了，就可以开工。",
    ProjectAction.CLOSE: "付清以后办理决算，账目在公开页面上给村民看，不再改动。",
}


@dataclass(frozen=True, slots=True)
class ProjectAct:
    """One thing that may be done: in which states (`action`), by whom, with which form, and how it is told afterwards."""

    label: str
    action: ProjectAction
    permission: Permission
    form: type[forms.ProjectActForm]
    do: Callable[[Project, Data, User], object]
    done: str
    roles: tuple[str, ...] = ()
    look: str = ""

    def open_to(self, user: User, project: Project) -> bool:
        """Whether the person may do it now."""
        allowed = may(user, self.permission) and (not self.roles or user.role in self.roles)
        return allowed and target(self.action, project.stage) is not None


def _finish(project: Project, data: Data, by: User) -> None:
    works.finish_milestone(milestone=data["milestone"], on=data["done_on"], note=data["note"], by=by)
    if data["photo"]:
        _photo(project, data | {"stage": PhotoStage.DURING, "caption": data["milestone"].title}, by)


def _photo(project: Project, data: Data, by: User) -> None:
    works.add_photo(
        project=project,
        picture=data["photo"],
        stage=data["stage"],
        caption=data["caption"],
        milestone=data.get("milestone"),
        by=by,
    )


def _judge(project: Project, data: Data, by: User) -> None:
    if data["photo"]:
        _photo(project, data | {"stage": PhotoStage.ACCEPTANCE, "caption": f"{by.get_role_display()}验收"}, by)
    works.judge_works(project=project, passed=data["passed"] == "yes", remarks=data["remarks"], by=by)


_A, _P = ProjectAction, Permission
ACTS: dict[str, ProjectAct] = {
    "approve": ProjectAct(
        "立项",
        _A.APPROVE,
        _P.APPROVE_PROJECTS,
        forms.ApproveForm,
        lambda p, d, by: projects.approve_project(
            project=p, budget_fen=d["budget"], approval_no=d["approval_no"], by=by
        ),
        "已立项。",
    ),
    "return": ProjectAct(
        "退回清单",
        _A.RETURN,
        _P.APPROVE_PROJECTS,
        forms.ProjectReasonForm,
        lambda p, d, by: projects.return_project(project=p, reason=d["reason"], by=by),
        "已退回，村里会看到您写的原因。",
    ),
    "allocate": ProjectAct(
        "安排资金",
        _A.ALLOCATE,
        _P.PAY_PROJECTS,
        forms.AllocateForm,
        lambda p, d, by: payments.allocate(award=d["award"], project=p, fen=d["fen"], by=by),
        "资金已安排。",
    ),
    "finish": ProjectAct("登记节点完成", _A.PROGRESS, _P.RUN_PROJECTS, forms.FinishForm, _finish, "节点已登记完成。"),
    "plan": ProjectAct(
        "加一个节点",
        _A.PLAN,
        _P.RUN_PROJECTS,
        forms.ProjectPlanForm,
        lambda p, d, by: works.plan_milestone(project=p, title=d["title"], due=d["due"], by=by),
        "节点已加上。",
    ),
    "start": ProjectAct(
        "开工",
        _A.START,
        _P.RUN_PROJECTS,
        forms.ProjectActForm,
        lambda p, d, by: projects.start_project(project=p, by=by),
        "已登记开工。",
    ),
    "photo": ProjectAct("传照片", _A.PHOTO, _P.RUN_PROJECTS, forms.PhotoForm, _photo, "照片已传上。"),
    "accept": ProjectAct(
        "填写验收意见",
        _A.JUDGE,
        _P.ACCEPT_PROJECTS,
        forms.JudgeForm,
        _judge,
        "验收意见已记下。",
        roles=(Role.SUPERVISOR,),
    ),
    "township-accept": ProjectAct(
        "填写乡镇验收意见",
        _A.JUDGE,
        _P.APPROVE_PROJECTS,
        forms.JudgeForm,
        _judge,
        "验收意见已记下。",
        roles=(Role.TOWNSHIP,),
    ),
    "pay": ProjectAct(
        "登记付款",
        _A.PAY,
        _P.PAY_PROJECTS,
        forms.PayForm,
        lambda p, d, by: payments.pay(project=p, bill=forms.PayForm.bill(d), by=by),
        "付款已登记。",
    ),
    "close": ProjectAct(
        "决算公示",
        _A.CLOSE,
        _P.PAY_PROJECTS,
        forms.ProjectActForm,
        lambda p, d, by: projects.close_project(project=p, by=by),
        "已办理决算，公开页面上可以看到。",
    ),
    "release": ProjectAct(
        "收回资金",
        _A.RELEASE,
        _P.PAY_PROJECTS,
        forms.ReleaseForm,
        lambda p, d, by: payments.release(award=d["award"], project=p, fen=d["fen"], reason=d["reason"], by=by),
        "资金已收回。",
        look="quiet",
    ),
    "reverse": ProjectAct(
        "冲正付款",
        _A.REVERSE,
        _P.PAY_PROJECTS,
        forms.ReverseForm,
        lambda p, d, by: payments.reverse_payment(
            payment=d["payment"], voucher_no=d["voucher_no"], reason=d["reason"], on=timezone.localdate(), by=by
        ),
        "付款已冲正。",
        look="quiet",
    ),
    "unplan": ProjectAct(
        "去掉一个节点",
        _A.PLAN,
        _P.RUN_PROJECTS,
        forms.MilestoneForm,
        lambda p, d, by: works.remove_milestone(milestone=d["milestone"], by=by),
        "节点已去掉。",
        look="quiet",
    ),
    "unphoto": ProjectAct(
        "删去一张照片",
        _A.PHOTO,
        _P.RUN_PROJECTS,
        forms.RemovePhotoForm,
        lambda p, d, by: works.remove_photo(photo=d["photo"], reason=d["reason"], by=by),
        "照片已删去。",
        look="quiet",
    ),
    "drop": ProjectAct(
        "取消项目",
        _A.DROP,
        _P.RUN_PROJECTS,
        forms.ProjectReasonForm,
        lambda p, d, by: projects.drop_project(project=p, reason=d["reason"], by=by),
        "项目已取消。",
        look="quiet",
    ),
}


def perform(request: HttpRequest, project: Project, name: str) -> HttpResponse:
    """Do it and go back to the project's page; or show that page with what was wrong."""
    act, user = ACTS[name], user_of(request)
    if act.roles and user.role not in act.roles:
        raise PermissionDenied
    form = act.form(project, request.POST, request.FILES, auto_id=f"{name}-%s")
    if not form.is_valid():
        return show(request, project, {name: form}, status=422)
    try:
        data = _with_picture(form.cleaned_data, user)
        payload = {"project": project.pk, **data, "op_id": ""}
        once(
            op_id=data["op_id"],
            by=user,
            kind=f"project.{name}",
            payload=payload,
            act=lambda: _act(act, project, data, user),
        )
    except Refused as refusal:
        return show(request, Project.objects.get(pk=project.pk), {name: form}, refusal, status=refusal.status)
    messages.success(request, act.done)
    return redirect("project", project.pk)


def _act(act: ProjectAct, project: Project, data: Data, user: User) -> dict[str, Any]:
    act.do(project, data, user)
    return {"project": project.pk}


def _with_picture(data: Data, user: User) -> Data:
    """The same with the photo made into a picture: that takes time, so it comes before anything is locked."""
    upload: Any = data.get("photo")
    return data | {"photo": pictures.keep(upload, by=user)} if hasattr(upload, "read") else data


def show(
    request: HttpRequest,
    project: Project,
    given: dict[str, forms.ProjectActForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The project's page, with the forms of what its reader may do now; `given` are forms that came back with a fault."""
    user = user_of(request)
    context = {
        "account": account_of(project),
        "project": project,
        "acts": list(_open_acts(user, project, given or {})),
        "refusal": refusal,
        "today": timezone.localdate(),
        "advance": ADVANCE_PERCENT,
        "path": [state for state in ProjectState if state is not ProjectState.DROPPED],
        "may_edit": may(user, Permission.RUN_PROJECTS) and project.stage is ProjectState.LISTED,
    }
    return render(request, "rewards/projects/page.html", context, status=status)


def _open_acts(user: User, project: Project, given: dict[str, forms.ProjectActForm]) -> Iterator[dict[str, Any]]:
    """The acts that are open to the reader now; one without anything to choose from is left out."""
    for name, act in ACTS.items():
        if not act.open_to(user, project):
            continue
        form = given.get(name) or act.form(project, initial={"op_id": uuid4()}, auto_id=f"{name}-%s")
        if name in given or not _nothing_to_choose(form):
            yield {
                "name": name,
                "act": act,
                "form": form,
                "open": name in given,
                "files": form.is_multipart(),
                "hint": HINTS.get(act.action, ""),
                "pays": act.action is ProjectAction.PAY,
            }


def _nothing_to_choose(form: forms.ProjectActForm) -> bool:
    choices = [field.queryset for field in form.fields.values() if isinstance(field, ModelChoiceField)]
    return any(queryset is not None and not queryset.exists() for queryset in choices)


def _view(name: str) -> Callable[..., HttpResponse]:
    """What moves money asks for the password again."""
    act = ACTS[name]

    def view(request: HttpRequest, project: int) -> HttpResponse:
        return perform(request, project_in_scope(request, project), name)

    guarded = with_password(view) if act.permission is Permission.PAY_PROJECTS else view
    return holders_of(act.permission)(require_POST(guarded))


urlpatterns: list[URLPattern] = [
    path(f"projects/<int:project>/{name}/", _view(name), name=f"project-{name}") for name in ACTS
]
