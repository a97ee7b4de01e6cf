"""Plates for a whole county or township in one run: begun, watched, and its papers taken away by township. ADR 79."""

from contextlib import suppress

from celery import current_app
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from households import audit
from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level
from households.confirming.views import with_password
from households.files.answers import zip_file
from households.models import PlateRun
from households.permissions import Permission
from households.plates import reads_runs as reading
from households.plates.actions import runs
from households.plates.forms import BeginRunForm
from households.register import looking

TASK = "households.tasks.make_plates"
LAST = 20
printers = holders_of(Permission.PRINT_PLATES)


@printers
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def plate_runs(request: HttpRequest) -> HttpResponse:
    """What lacks plates by township, the form that begins a run, and the runs of late."""
    user = user_of(request)
    towns = reading.lacking(user, timezone.localdate())
    places = [(user.division_id or "", "全县"), *((town.code, town.name) for town in towns if town.missing)]
    form = BeginRunForm(places, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        place = division_in_scope(user, form.cleaned_data["place"])
        run = runs.begin(place=place, by=user)
        with suppress(OperationalError):  # beat rings again
            current_app.send_task(TASK, (run.pk,), queue="export", retry=False)
        return redirect("plate-run", run.pk)
    context = {
        "form": form,
        "towns": towns,
        "missing": sum(town.missing for town in towns),
        "runs": reading.runs_of(user)[:LAST],
    }
    return render(request, "households/plates/runs.html", context, status=422 if form.is_bound else 200)


@printers
@require_safe
def plate_run(request: HttpRequest, plate_run: int) -> HttpResponse:
    """How far a run is, and its papers by township. Asked by HTMX, the part that changes."""
    run = _run(request, plate_run)
    towns = reading.towns_of(run)
    villages, done = sum(town.villages for town in towns), sum(town.done for town in towns)
    context = {
        "run": run,
        "towns": towns,
        "villages": villages,
        "done": done,
        "plates": sum(town.plates for town in towns),
        "share": round(100 * done / villages) if villages else 100,
        "own": run.by_id == user_of(request).pk,
        "taken": any(town.taken and town.pins for town in towns),
        "days": runs.KEPT.days,
        "minutes": round(runs.AGAIN.total_seconds() / 60),
    }
    part = request.headers.get("HX-Request")
    return render(request, "households/plates/_run.html" if part else "households/plates/run.html", context)


@printers
@require_safe
def plate_run_paper(request: HttpRequest, plate_run: int, township: str, run_paper: str) -> HttpResponse:
    """The plates or the lists to sign of a township's villages, as one zip file."""
    user, run = user_of(request), _run(request, plate_run)
    place = division_in_scope(user, township, Level.TOWNSHIP)
    if run_paper not in ("sheet", "receipts") or not (keys := reading.keys_with_papers(run, place.code)):
        raise Http404
    looking.note(user, looking.PRINTED, [place.code])
    audit.record(user, "plate.run_papers", place=place.code, subject=run, rows=len(keys))
    return zip_file(reading.papers_of(keys, run_paper), f"{place.name}{reading.PAPERS[run_paper]}.zip")


@printers
@require_POST
@with_password
def plate_run_pins(request: HttpRequest, plate_run: int, township: str) -> HttpResponse:
    """The PIN slips of a township's villages, as one zip file; to whoever began the run, and only for a while."""
    user, run = user_of(request), _run(request, plate_run)
    place = division_in_scope(user, township, Level.TOWNSHIP)
    keys = runs.take_pins(run=run, place=place.code, by=user)
    return zip_file(reading.papers_of(keys, "pins"), f"{place.name}{reading.PAPERS['pins']}.zip")


@printers
@require_POST
def forget_run_pins(request: HttpRequest, plate_run: int) -> HttpResponse:
    """The PINs that were taken away are printed: nobody gets them here again."""
    run = _run(request, plate_run)
    runs.forget_pins(run=run, by=user_of(request))
    messages.success(request, "取走的密码已经从系统里清掉。")
    return redirect("plate-run", run.pk)


def _run(request: HttpRequest, plate_run: int) -> PlateRun:
    found = reading.runs_of(user_of(request)).filter(pk=plate_run).first()
    if found is None:
        raise Http404
    return found
