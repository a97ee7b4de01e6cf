"""Bringing in files: what can be brought, one kind with its template, and a run from its rehearsal on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.files.answers import attachment
from households.files.tables import Severity
from households.imports.kinds import kind_of, kinds_for
from households.intake import actions, progress, workbooks
from households.intake.forms import HandInForm
from households.intake.reads import in_headings, kind_or_404, run_or_404, runs_of, shown, told_of
from households.intake.ring import ring
from households.models import ImportPaper, ImportRun, ImportState
from households.permissions import Permission

LAST = 20
bringers = holders_of(Permission.BRING_FILES)


@bringers
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """What can be brought in, and what was of late."""
    user = user_of(request)
    runs = [(run, kind_of(run.kind)) for run in runs_of(user)[:LAST]]
    return render(request, "households/intake/list.html", {"kinds": list(kinds_for(user)), "runs": runs})


@bringers
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, intake: str) -> HttpResponse:
    """One kind: how its table is filled in, and the form that takes it. What is handed in is rehearsed, nothing else."""
    user = user_of(request)
    kind = kind_or_404(user, intake)
    posted = request.method == "POST"
    asked = {"month": request.GET.get("month", "")}
    form = HandInForm(kind, request.POST if posted else None, request.FILES if posted else None, initial=asked)
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        run = actions.hand_in(kind=kind, name=str(upload.name), data=upload.read(), options=form.options, by=user)
        ring(run)
        return redirect("import-run", run.pk)
    status = 422 if posted else 200
    return render(request, "households/intake/file.html", {"kind": kind, "form": form}, status=status)


@bringers
@require_safe
def import_template(request: HttpRequest, intake: str) -> HttpResponse:
    """An empty table with headings, explanations and one example."""
    kind = kind_or_404(user_of(request), intake)
    return attachment(workbooks.template(kind), f"{kind.label}导入模板.xlsx")


@bringers
@require_safe
def import_run(request: HttpRequest, brought: int) -> HttpResponse:
    """One run: how far it is, what was found by line, and what can be done now. Asked by HTMX, the part that changes."""
    found = run_or_404(user_of(request), brought)
    template = "households/intake/_run.html" if request.headers.get("HX-Request") else "households/intake/run.html"
    return render(request, template, _context(found))


def _context(run: ImportRun) -> dict[str, object]:
    kind = kind_of(run.kind)
    problems = [] if run.is_at_work else in_headings(told_of(run), kind.columns if kind else ())
    errors, more_errors = shown(problems, Severity.ERROR)
    notes, more_notes = shown(problems, Severity.NOTE)
    doing, share = progress.said(run.pk) if run.is_at_work else ("", 0)
    return {
        "run": run,
        "kind": kind,
        "counts": list(run.counts.items()),
        "said": run.said.splitlines(),
        "errors": errors,
        "more_errors": more_errors,
        "notes": notes,
        "more_notes": more_notes,
        "doing": doing,
        "share": share,
        "marked": ImportPaper.objects.filter(pk=run.pk, marked__isnull=False).exists(),
        "states": ImportState,
    }


@bringers
@require_safe
def import_marked(request: HttpRequest, brought: int) -> HttpResponse:
    """The file given back, with what is wrong beside its cells."""
    found = run_or_404(user_of(request), brought)
    paper = ImportPaper.objects.filter(pk=found.pk, marked__isnull=False).first()
    if paper is None or not paper.marked:
        raise Http404
    name = found.name.rpartition(".")[0] or found.name
    return attachment(paper.marked, f"{name}（标出错误）.xlsx", private=True)


@bringers
@require_POST
@with_password
def write_import(request: HttpRequest, brought: int) -> HttpResponse:
    """Write what was rehearsed."""
    found = run_or_404(user_of(request), brought)
    ring(actions.write(run=found, by=user_of(request)))
    return redirect("import-run", found.pk)


@bringers
@require_POST
@with_password
def undo_import(request: HttpRequest, brought: int) -> HttpResponse:
    """Take back what was written, as one."""
    found = run_or_404(user_of(request), brought)
    ring(actions.take_back(run=found, by=user_of(request)))
    return redirect("import-run", found.pk)


urlpatterns: list[URLPattern] = [
    path("imports/", imports, name="imports"),
    path("imports/runs/<int:brought>/", import_run, name="import-run"),
    path("imports/runs/<int:brought>/marked/", import_marked, name="import-marked"),
    path("imports/runs/<int:brought>/write/", write_import, name="write-import"),
    path("imports/runs/<int:brought>/undo/", undo_import, name="undo-import"),
    path("imports/<str:intake>/", import_file, name="import-file"),
    path("imports/<str:intake>/template/", import_template, name="import-template"),
]
