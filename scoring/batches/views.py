"""Writing many at once: one clause for many households, lines out of a spreadsheet, the month's file; each batch undone as one."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, is_level
from households.fields import OnceForm
from households.files.answers import attachment
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.batches import month_file, reads
from scoring.batches.actions import WantedBatch, record_many, rehearse, undo
from scoring.batches.forms import ManyForm, PasteForm, latest_day
from scoring.batches.pasting import pasted
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind, EntryBatch, ScoreEvent
from scoring.months.months import begun
from scoring.sheets.reads import SheetPlace, only_village, place_in_reach
from scoring.sheets.ready_words import READY_WORDS

recording = holders_of(Permission.RECORD_EVENT)
CONFIRMED = "write"  # the button of the page that showed the effect


@recording
@require_safe
def batches(request: HttpRequest, month: str) -> HttpResponse:
    """The ways to write many at once in a month, and what was written so before."""
    place = _place(request, month)
    user = user_of(request)
    context = _context(request, month, place) | {
        "batches": list(reads.batches_of(user, place.village, month)[:50]),
        "papers": user.works_in_village,
        "files": may(user, Permission.DECLARE, at=place.village.code),
    }
    return render(request, "scoring/batches/list.html", context)


@recording
@require_http_methods(["GET", "HEAD", "POST"])
def record_one_clause(request: HttpRequest, month: str) -> HttpResponse:
    """One clause for many: chosen, then shown with its effect, then written."""
    place, user = _place(request, month), user_of(request)
    begun(month, place.village.code)
    people = reads.people_of(place.village, month, user)
    groups = [(row.code, row.name) for row in place.groups if user.scope.covers(row.code)]
    posted = request.method == "POST"
    day = latest_day(month, timezone.localdate())
    form = ManyForm(
        reads.clauses_for(month, user),
        groups,
        request.POST if posted else None,
        initial={"op_id": uuid4(), "date": day},
    )
    context = _context(request, month, place) | {"form": form, "ready_words": READY_WORDS}
    if not posted or not form.is_valid():
        return render(request, "scoring/batches/many.html", context, status=422 if posted else 200)
    if CONFIRMED in request.POST:
        op_id, entries = form.cleaned_data["op_id"], form.entries(form.chosen())
        if written := _write(request, WantedBatch(op_id, month, place.village, BatchKind.MANY, entries)):
            return written
    meant = reads.lines_meant(form.cleaned_data["listed"], people, user)
    whole = [
        one.code for one in people.households if one.code[: Level.GROUP.code_length] in form.cleaned_data["groups"]
    ]
    codes = list(dict.fromkeys([*(line.code for line in meant if line.code), *whole]))
    context["unclear"] = [(line, [(code, people.name(code)) for code in line.codes]) for line in meant if not line.code]
    return _show_effect(request, context, BatchKind.MANY, form.entries(codes), people)


@recording
@require_http_methods(["GET", "HEAD", "POST"])
def paste_rows(request: HttpRequest, month: str) -> HttpResponse:
    """Lines out of a spreadsheet: read, shown with their effect, then written."""
    place, user = _place(request, month), user_of(request)
    begun(month, place.village.code)
    people = reads.people_of(place.village, month, user)
    posted = request.method == "POST"
    form = PasteForm(request.POST if posted else None, initial={"op_id": uuid4()})
    context = _context(request, month, place) | {"form": form, "pasting": True}
    if not posted or not form.is_valid():
        return render(request, "scoring/batches/many.html", context, status=422 if posted else 200)
    rows = pasted(form.cleaned_data["rows"], people, month, user)
    entries = [row.entry for row in rows if row.entry and not row.fault]
    if CONFIRMED in request.POST:
        op_id = form.cleaned_data["op_id"]
        if written := _write(request, WantedBatch(op_id, month, place.village, BatchKind.PASTE, entries)):
            return written
    context["faults"] = [row for row in rows if row.fault]
    return _show_effect(request, context, BatchKind.PASTE, entries, people)


def _show_effect(
    request: HttpRequest,
    context: dict[str, Any],
    kind: BatchKind,
    entries: list[FileEntry],
    people: reads.VillagePeople,
) -> HttpResponse:
    """The page again, with what would be written and what would not. A list is known before anything is: nothing is written."""
    wanted = WantedBatch(uuid4(), context["month"], context["place"].village, kind, entries)
    lines = reads.foreseen(entries, rehearse(wanted, by=user_of(request)), people)
    context |= {"lines": lines, "sound": sum(not line.fault for line in lines), "shown": True}
    return render(request, "scoring/batches/many.html", context)


def _write(request: HttpRequest, wanted: WantedBatch) -> HttpResponse | None:
    """The way to what was written; None, and the reason said, when nothing was: the page comes back as it was sent."""
    try:
        answer = record_many(wanted, by=user_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return None
    messages.success(request, f"已登记 {answer['added']} 条。记错了可以在这里整批撤回。")
    return redirect("batch", wanted.month, answer["batch"])


@recording
@require_safe
def batch(request: HttpRequest, month: str, batch_no: int) -> HttpResponse:
    """One batch: what it wrote, and undoing it."""
    found = _batch_or_404(request, month, batch_no)
    events = (
        ScoreEvent.objects.filter(pk__in=[*found.added, *found.withdrawn]).select_related("clause").order_by("code")
    )
    people = reads.people_of(found.village, month, user_of(request))
    context = {
        "one": found,
        "month": month,
        "lines": [(event, people.name(event.code), event.pk in found.added) for event in events],
        "form": OnceForm(initial={"op_id": uuid4()}),
        "village": found.village,
    }
    return render(request, "scoring/batches/batch.html", context)


@recording
@require_POST
def batch_undo(request: HttpRequest, month: str, batch_no: int) -> HttpResponse:
    """Take it back as one."""
    found, form = _batch_or_404(request, month, batch_no), OnceForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("form", "提交的内容不完整，没有生效。")
        answer = undo(op_id=form.cleaned_data["op_id"], batch=found.pk, by=user_of(request))
        messages.success(request, f"已整批撤回 {answer['withdrawn']} 条。")
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("batch", month, found.pk)


@holders_of(Permission.DECLARE)
@require_safe
def month_workbook(request: HttpRequest, month: str) -> HttpResponse:
    """The village's month as a workbook."""
    place = _place(request, month)
    data = month_file.workbook(place.village, month, user_of(request))
    return attachment(data, month_file.file_name(place.village, month), private=True)


def _batch_or_404(request: HttpRequest, month: str, number: int) -> EntryBatch:
    found = EntryBatch.objects.select_related("by", "undone_by", "village").filter(pk=number, period=month).first()
    if found is None or not found.is_for(user_of(request)):
        raise Http404
    return found


def _place(request: HttpRequest, month: str) -> SheetPlace:
    user = user_of(request)
    code = request.GET.get("village") or only_village(user)
    if not is_level(code, Level.VILLAGE):
        raise Http404
    return place_in_reach(user, code, month)


def _context(request: HttpRequest, month: str, place: SheetPlace) -> dict[str, Any]:
    own = only_village(user_of(request))
    query = "" if place.village.code == own else f"?village={place.village.code}"
    return {"month": month, "place": place, "village": place.village, "query": query}
