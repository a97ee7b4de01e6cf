"""The page that takes a list of contacts from a file, rehearsed first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import user_of
from households.contacts.forms import ContactFileForm
from households.contacts.importing import EXAMPLE, EXPLAINED, HEADINGS, import_contacts
from households.contacts.views import managers
from households.files.answers import attachment
from households.files.bounds import PAGE
from households.files.exports import SheetLayout, workbook
from households.imports.problems import ImportReport

MAX_SHOWN = 200
_COLUMNS = list(zip(HEADINGS.values(), EXPLAINED, EXAMPLE, strict=True))


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def contacts_import(request: HttpRequest) -> HttpResponse:
    """The button 演练 writes nothing and tells what would happen; 正式导入 writes all of the file, or nothing."""
    posted = request.method == "POST"
    form = ContactFileForm(request.POST if posted else None, request.FILES if posted else None)
    report = _import(request, form) if posted and form.is_valid() else None
    problems = (report.errors or report.notes) if report else []
    context = {
        "form": form,
        "report": report,
        "problems": problems[:MAX_SHOWN],
        "more": max(0, len(problems) - MAX_SHOWN),
        "columns": _COLUMNS,
    }
    status = 422 if posted and (report is None or report.refused) else 200
    return render(request, "households/contacts/import.html", context, status=status)


@managers
@require_safe
def contacts_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the headings, and what belongs below each."""
    notes = [(heading, f"{words}。例如：{example}" if example else words) for heading, words, example in _COLUMNS]
    return attachment(workbook(HEADINGS, [], notes, SheetLayout(heads=len(HEADINGS))), "联系人导入模板.xlsx")


def _import(request: HttpRequest, form: ContactFileForm) -> ImportReport:
    upload = form.cleaned_data["list"]
    given = {"by": user_of(request), "dry_run": form.cleaned_data["how"] != "write", "within": PAGE}
    return import_contacts(name=str(upload.name), data=upload.read(), **given)
