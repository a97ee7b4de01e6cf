"""A province's rankings, on its node: open to everybody once every county has frozen the month, to staff from its first line on."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dongkou.province.reads import months, province_month
from households.audience import public
from households.files.answers import table
from households.files.exports import moment
from households.months import Month, label
from scoring.rankings.columns import COLUMNS, as_dicts

PER_PAGE = 50  # departments


@public
@require_safe
def province(request: HttpRequest) -> HttpResponse:
    """The newest month that there is to be seen."""
    known = _months(request)
    if known:
        return redirect("province-month", known[0])
    return render(request, "province/page.html", {"name": settings.PROVINCE_NAME, "months": known})


@public
@require_safe
def province_of_month(request: HttpRequest, month: str) -> HttpResponse:
    """Counties and departments of a month; `?format=` gives the counties as csv or xlsx."""
    known = _months(request)
    if month not in known:
        raise Http404
    found = province_month(month)
    title = f"{settings.PROVINCE_NAME}{label(month)}各县排名"
    if form := request.GET.get("format"):
        notes = [("月份", month), ("汇总时间", moment(found.as_of) if found.as_of else "")]
        rows = as_dicts(one.line for one in found.counties)
        name = f"{title}-{timezone.localtime():%Y%m%dT%H%M%S}"
        return table(form, COLUMNS, rows, name=name, title=title, notes=notes)
    context = {
        "name": settings.PROVINCE_NAME,
        "title": title,
        "months": known,
        "month": month,
        "found": found,
        "page": Paginator(found.departments, PER_PAGE).get_page(request.GET.get("page")),
        "for_staff": request.user.is_authenticated,
    }
    return render(request, "province/page.html", context)


def _months(request: HttpRequest) -> list[Month]:
    """Those that this reader may see; 404 anywhere but on a node."""
    if not settings.PROVINCE:
        raise Http404
    return months(everybody=not request.user.is_authenticated)
