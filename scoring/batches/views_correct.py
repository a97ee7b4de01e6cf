"""Correcting an entry of one's own while the sheet is open: the old one is withdrawn and the new one written in one act."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.codes import Level, reaches, village_of
from households.models import Division, User
from households.permissions import Permission
from households.refusals import Refused
from households.register.places import names_of
from scoring.batches.actions import WantedBatch, record_many
from scoring.batches.forms import EntryCorrectForm
from scoring.batches.reads import clauses_for
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind, EntryBatch, ScoreEvent
from scoring.sheets.actions.entries import is_secret_from, may_withdraw
from scoring.sheets.ready_words import READY_WORDS


@holders_of(Permission.RECORD_EVENT)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_event(request: HttpRequest, event: int) -> HttpResponse:
    """The entry to be changed, filled in as it stands."""
    user = user_of(request)
    found = _own_or_404(user, event)
    posted = request.method == "POST"
    stands = {"clause": found.clause.code, "date": found.date, "document_no": found.document_no, "note": found.note}
    form = EntryCorrectForm(
        clauses_for(found.period_id, user), request.POST if posted else None, initial={"op_id": uuid4(), **stands}
    )
    refusal = None
    if posted and form.is_valid():
        try:
            return _correct(request, found, form)
        except Refused as refused:
            refusal = refused
    context = {
        "form": form,
        "event": found,
        "place": names_of([found.code])[found.code],
        "ready_words": READY_WORDS,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "scoring/batches/correct.html", context, status=status)


def _correct(request: HttpRequest, found: ScoreEvent, form: EntryCorrectForm) -> HttpResponse:
    given = form.cleaned_data
    entry = FileEntry(found.code, given["date"], given["clause"], given["document_no"], given["note"])
    village = Division.objects.get(code=village_of(found.code))
    wanted = WantedBatch(
        given["op_id"], found.period_id, village, BatchKind.CORRECT, [entry], [found.pk], reason="改成新的一条"
    )
    answer = record_many(wanted, by=user_of(request))
    [fresh] = EntryBatch.objects.get(pk=answer["batch"]).added
    messages.success(request, "已经改好：原来的一条已撤回，新的一条已登记。")
    return redirect("event", fresh)


def _own_or_404(user: User, number: int) -> ScoreEvent:
    inside = ScoreEvent.objects.standing().within(user.scope).filter(pk=number)
    found: ScoreEvent | None = inside.select_related("clause__indicator", "recorded_by", "period").first()
    if found is None or not reaches(found.code, Level.VILLAGE) or is_secret_from(found, user):
        raise Http404
    if not may_withdraw(found, by=user):
        raise Http404
    return found
