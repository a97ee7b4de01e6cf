"""The page on which the petition office takes in the lists of hotline and 红网, rehearsed first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.imports.problems import ImportReport
from households.permissions import Permission
from petitions.filing.forms_import import ImportForm
from petitions.filing.lists import COLUMNS, import_petitions

MAX_SHOWN = 200


@holders_of(Permission.ROUTE_PETITIONS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def petition_import(request: HttpRequest) -> HttpResponse:
    """The button 演练 writes nothing and tells what would happen; 正式导入 writes all of the file, or nothing."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    report = _import(request, form) if posted and form.is_valid() else None
    problems = (report.errors or report.notes) if report else []
    context = {
        "form": form,
        "report": report,
        "problems": problems[:MAX_SHOWN],
        "more": max(0, len(problems) - MAX_SHOWN),
        "columns": ",".join(COLUMNS),
    }
    status = 422 if posted and (report is None or report.refused) else 200
    return render(request, "petitions/filing/import.html", context, status=status)


def _import(request: HttpRequest, form: ImportForm) -> ImportReport:
    upload = form.cleaned_data["list"]
    for_good = form.cleaned_data["how"] == "write"
    return import_petitions(name=str(upload.name), data=upload.read(), by=user_of(request), dry_run=not for_good)


urlpatterns: list[URLPattern] = [path("petitions/import/", petition_import, name="petition-import")]
