"""The village's side: what its households ask to have corrected, and the answers."""

from itertools import chain

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.models import CorrectionRequest, CorrectionState
from households.own_data.actions import answer_correction
from households.own_data.forms import AnswerCorrectionForm
from households.permissions import Permission
from households.refusals import Refused
from households.register import looking

SHOWN = 200


@holders_of(Permission.ANSWER_CORRECTIONS)
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; then what was answered of late."""
    own = CorrectionRequest.objects.within(user_of(request).scope).select_related("household__group", "answered_by")
    waiting = own.filter(state=CorrectionState.OPEN).order_by("due_on", "pk")[:SHOWN]
    answered = own.exclude(state=CorrectionState.OPEN).order_by("-answered_at")[:SHOWN]
    looking.shown(user_of(request), [one.household_id for one in chain(waiting, answered)])
    context = {"waiting": waiting, "answered": answered}
    return render(request, "households/own_data/corrections.html", context)


@holders_of(Permission.ANSWER_CORRECTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, correction: int) -> HttpResponse:
    """One request, and its answer."""
    user = user_of(request)
    own = CorrectionRequest.objects.within(user.scope).select_related("household__group")
    found = own.filter(pk=correction).first()
    if found is None:
        raise Http404
    looking.shown(user, [found.household_id])
    form = AnswerCorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            answer_correction(request=found, corrected=given["corrected"] == "yes", words=given["words"], by=user)
        except Refused as refusal:
            form.add_error("words", refusal.sentence)
        else:
            messages.success(request, "已经答复，这一户扫户牌就能看到。")
            return redirect("corrections")
    context = {"found": found, "form": form}
    return render(request, "households/own_data/correction.html", context, status=422 if form.errors else 200)
