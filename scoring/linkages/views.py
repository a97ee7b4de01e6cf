"""Departments, what each answers for, and changing it in mid-year with its effect shown before."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, is_level
from households.files.answers import table
from households.models import Department, User, linked_in
from households.months import month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.places import divisions_called
from scoring.linkages import reads
from scoring.linkages.actions import WantedLinkage, set_department, set_linkage
from scoring.linkages.forms import DepartmentForm, LinkageForm

managers = holders_of(Permission.MANAGE_LINKAGES)


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Every department with what it answers for this month; as a file, every linkage there was, as the import takes it.

    `of=departments`: the file of the departments themselves.
    """
    if form := request.GET.get("format", ""):
        told = reads.DEPARTMENTS_FILE if request.GET.get("of") == "departments" else reads.LINKAGES_FILE
        return table(form, told.columns, told.rows(), name=f"{told.name}-{timezone.localdate():%Y%m%d}")
    context = {"lines": reads.departments(timezone.localdate()), "form": DepartmentForm()}
    return render(request, "scoring/linkages/departments.html", context | _rights(request))


@managers
@require_POST
def set_department_name(request: HttpRequest) -> HttpResponse:
    """A new department, or another name for one that is known."""
    form = DepartmentForm(request.POST)
    if not form.is_valid():
        context = {"lines": reads.departments(timezone.localdate()), "form": form}
        return render(request, "scoring/linkages/departments.html", context | _rights(request), status=422)
    typed = form.cleaned_data
    done = set_department(code=typed["department"], name=typed["name"], by=user_of(request))
    messages.success(request, f"{done.name}（{done.code}）已登记。")
    return redirect("department", done.code)


@holders_of(Permission.SEE_RANKINGS, neighbours=True)  # what each answers for is no secret among those who compete
@require_safe
def department(request: HttpRequest, department: str) -> HttpResponse:
    """What it answers for now, and did before."""
    form = LinkageForm(initial={"op_id": uuid4(), "weight": 1, "from_month": month_of(timezone.localdate())})
    return _show(request, _department(department), form)


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def change_linkage(request: HttpRequest, department: str) -> HttpResponse:
    """First what the change would do to the open months, then the change."""
    found = _department(department)
    if request.method != "POST":
        return redirect("department", found.code)
    form = LinkageForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        wanted = _wanted(form.cleaned_data, found, user_of(request))
        if "sure" not in request.POST:
            return _show(
                request, found, form, {"wanted": wanted, "effects": reads.effects(wanted, by=user_of(request))}
            )
        set_linkage(op_id=form.cleaned_data["op_id"], wanted=wanted, by=user_of(request))
    except Refused as refusal:
        refusal.say_in(form)
        return _show(request, found, form, status=refusal.status)
    messages.success(request, f"{found.name}与{wanted.division.name}的联系已改，从 {wanted.from_month} 起。")
    return redirect("department", found.code)


def _wanted(asked: dict[str, Any], department: Department, user: User) -> WantedLinkage:
    places = [each for each in divisions_called(asked["place"], user.scope) if not is_level(each.code, Level.COUNTY)]
    if len(places) != 1:
        said = (
            "没有叫这个名字的村或乡镇。"
            if not places
            else f"有 {len(places)} 个地方叫这个名字，请加上乡镇名，或写代码。"
        )
        raise Refused("place_unclear", said, fields={"place": said})
    months = {"from_month": asked["from_month"], "to_month": asked["to_month"]}
    return WantedLinkage(department, places[0], asked["weight"], leader=asked["leader"], **months)


def _show(
    request: HttpRequest, found: Department, form: LinkageForm, more: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    rows = reads.history(found)
    now = set(rows.filter(linked_in(month_of(timezone.localdate()))).values_list("pk", flat=True))
    context = {"department": found, "rows": [(row, row.pk in now) for row in rows], "form": form}
    return render(request, "scoring/linkages/department.html", context | _rights(request) | (more or {}), status=status)


def _rights(request: HttpRequest) -> dict[str, bool]:
    user = user_of(request)
    return {"manages": may(user, Permission.MANAGE_LINKAGES), "imports": may(user, Permission.IMPORT_REGISTER)}


def _department(code: str) -> Department:
    found = Department.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise Http404
    return found
