"""Departments' performance: all of them for the county, and each one's statement for its file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import county_of
from households.confirming.views import with_password
from households.fields import asked_within
from households.files.answers import shown
from households.models import Department, Division, Linkage, User
from households.permissions import Permission, may
from households.refusals import Refused
from rewards.awards import performance
from rewards.awards.actions.performance import issue, set_grades
from rewards.awards.files import statement_facts, statement_pdf, statement_xlsx
from rewards.awards.forms import GradesForm
from rewards.models import GradeBand, PerformanceCredit


def _year(text: str) -> int:
    year = asked_within(text, 2000, 2999)
    if year is None:
        raise Http404
    return year


@holders_of(Permission.SEE_AWARDS)
@require_safe
def performances(request: HttpRequest) -> HttpResponse:
    """Every department of the county in a year, best first; a department is led to its own statement."""
    asked, user = request.GET.get("year", ""), user_of(request)
    if user.department:
        years = performance.frozen_years(_county_of(user.department))
        return redirect("performance-statement", user.department_id, years[0] if years else timezone.localdate().year)
    if not may(user, Permission.MANAGE_FUNDS):
        raise PermissionDenied
    return _show(request, _year(asked) if asked else timezone.localdate().year)


def _show(
    request: HttpRequest, year: int, refusal: Refused | None = None, form: GradesForm | None = None
) -> HttpResponse:
    county = user_of(request).division_id or ""
    months = performance.frozen_months(county, year)
    names = dict(Department.objects.values_list("code", "name"))
    rows = [(one, names.get(one.code, one.code)) for one in performance.weighted_results(county, year, months)]
    context = {
        "year": year,
        "months": months,
        "years": performance.frozen_years(county),
        "rows": rows,
        "bands": GradeBand.objects.filter(county=county, year=year),
        "issued": PerformanceCredit.objects.filter(county=county, year=year).first(),
        "form": form or GradesForm(initial={"year": year, "excellent": 20, "good": 70, "passed": 104}),
        "refusal": refusal,
    }
    return render(request, "rewards/awards/performances.html", context, status=refusal.status if refusal else 200)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
def performance_grades(request: HttpRequest) -> HttpResponse:
    """Set the grades of a year."""
    user, form = user_of(request), GradesForm(request.POST)
    if not form.is_valid():
        year = _year(request.POST.get("year", ""))
        return _show(request, year, Refused("form", "请填三个名次。", status=400), form)
    year = form.cleaned_data["year"]
    try:
        set_grades(county=_county(user), year=year, bands=form.bands, by=user)
    except Refused as refusal:
        return _show(request, year, refusal, form)
    messages.success(request, f"{year} 年的等次已定。")
    return redirect(f"{request.path.removesuffix('grades/')}?year={year}")


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
@with_password
def performance_issue(request: HttpRequest) -> HttpResponse:
    """Write the year down for the files."""
    user, year = user_of(request), _year(request.POST.get("year", ""))
    months = performance.frozen_months(user.division_id or "", year)
    try:
        if not months:
            raise Refused("basis_not_published", f"{year} 年还没有锁定的月份。")
        issue(county=_county(user), year=year, first=months[0], last=months[-1], by=user)
    except Refused as refusal:
        return _show(request, year, refusal)
    messages.success(request, f"{year} 年绩效已锁定，各部门可以打印对账单。")
    return redirect(f"{request.path.removesuffix('issue/')}?year={year}")


def _county(user: User) -> Division:
    if user.division is None:
        raise Http404
    return user.division


@holders_of(Permission.SEE_AWARDS)
@require_safe
def statement(request: HttpRequest, department: str, year: int) -> HttpResponse:
    """A department's year: the county sees every one, a department its own."""
    user = user_of(request)
    if user.department_id != department and not may(user, Permission.MANAGE_FUNDS):
        raise Http404
    whose = get_object_or_404(Department, pk=department)
    county = user.division_id or _county_of(whose)
    months = performance.frozen_months(county, year)
    found = performance.statement(whose, county, year, months)
    form = request.GET.get("format", "")
    if form == "pdf":
        return shown(statement_pdf(found), f"{found.name}.pdf")
    if form == "xlsx":
        return statement_xlsx(found)
    context = {
        "statement": found,
        "facts": statement_facts(found),
        "years": performance.frozen_years(county),
        "year": year,
    }
    return render(request, "rewards/awards/statement.html", context)


def _county_of(department: Department) -> str:
    """The county of the divisions that a department is or was linked to; empty without any."""
    linked = Linkage.objects.filter(department=department).order_by("division").first()
    return county_of(linked.division_id) if linked else ""
