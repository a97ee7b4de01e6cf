"""The page on which the petition office takes in the lists of hotline and 红网, rehearsed first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.files.answers import attachment
from households.files.exports import SheetLayout, workbook
from households.imports.problems import ImportReport
from households.permissions import Permission
from petitions.filing.forms_import import ImportForm
from petitions.filing.lists import HEADINGS, import_petitions

MAX_SHOWN = 200
EXPLAINED = [  # heading, what to fill in, an example
    ("来源", "12345、红网或信箱", "12345"),
    ("来源编号", "热线、红网、信箱给的编号", "20261005-0087"),
    ("收到日期", "年月日", "2026-10-05"),
    ("地点", "村或乡镇的名称，重名的前面写上乡镇名；说不清就写县名。也可以填 12 位统计代码", "石江镇云峰村"),
    ("标题", "一句话，不写人名", "村口路灯不亮"),
    ("内容", "反映的内容", "路灯坏了两个月……"),
    ("姓名", "可以空着", ""),
    ("电话", "可以空着", ""),
    ("诉求类型", "咨询、求助、投诉、举报或建议，空着就是投诉", "投诉"),
    ("原文网址", "可以空着", ""),
]


@holders_of(Permission.ROUTE_PETITIONS)
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
        "columns": EXPLAINED,
    }
    status = 422 if posted and (report is None or report.refused) else 200
    return render(request, "petitions/filing/import.html", context, status=status)


@holders_of(Permission.ROUTE_PETITIONS)
@require_safe
def petition_import_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the headings, and what belongs below each."""
    notes = [(heading, f"{words}。例如：{example}" if example else words) for heading, words, example in EXPLAINED]
    return attachment(workbook(HEADINGS, [], notes, SheetLayout(heads=len(HEADINGS))), "信访件导入模板.xlsx")


def _import(request: HttpRequest, form: ImportForm) -> ImportReport:
    upload = form.cleaned_data["list"]
    for_good = form.cleaned_data["how"] == "write"
    return import_petitions(name=str(upload.name), data=upload.read(), by=user_of(request), dry_run=not for_good)


urlpatterns: list[URLPattern] = [
    path("petitions/import/", petition_import, name="petition-import"),
    path("petitions/import/template/", petition_import_template, name="petition-import-template"),
]
