"""安全自查, for the system and the security administrator: the sheet and the filing form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dongkou.self_check import filing, paper, sheet
from households.audience import holders_of
from households.files.answers import shown, table
from households.permissions import Permission


@holders_of(Permission.SEE_SELF_CHECK)
@require_safe
def self_check(request: HttpRequest) -> HttpResponse:
    """Each requirement as it stands now."""
    found = sheet.rows()
    context = {"parts": list(sheet.by_rulebook(found)), "summary": sheet.summary(found)}
    return render(request, "self_check/page.html", context)


@holders_of(Permission.SEE_SELF_CHECK)
@require_safe
def self_check_paper(_request: HttpRequest) -> HttpResponse:
    """The same to print."""
    return shown(paper.sheet_pdf(sheet.rows()), "自查表.pdf", private=True)


@holders_of(Permission.SEE_SELF_CHECK)
@require_safe
def filing_form(_request: HttpRequest) -> HttpResponse:
    """The filing form to print."""
    return shown(paper.filing_pdf(filing.lines()), "备案表.pdf", private=True)


@holders_of(Permission.SEE_SELF_CHECK)
@require_safe
def filing_form_table(_request: HttpRequest) -> HttpResponse:
    """The same to go on with in a spreadsheet."""
    rows = [line.as_row() for line in filing.lines()]
    return table("xlsx", filing.COLUMNS, rows, name="备案表", title="系统备案表")
