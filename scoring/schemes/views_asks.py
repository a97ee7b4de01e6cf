"""A county's own scheme: handed in as a file, rehearsed clause by clause, published by somebody else."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.files.answers import attachment
from households.permissions import Permission
from households.refusals import Refused
from scoring.models import AskState, SchemeAsk
from scoring.schemes import actions
from scoring.schemes.files import SHIPPED
from scoring.schemes.forms import SchemeFileForm, SchemeRefusalForm
from scoring.schemes.reads import changes_to

SHOWN = 50
TEMPLATE = "2026.toml"
adopters = holders_of(Permission.ADOPT_SCHEME)


@adopters
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_asks(request: HttpRequest) -> HttpResponse:
    """What was handed in; and a file, which is refused by name or waits for another one."""
    user, refusal = user_of(request), None
    posted = request.method == "POST"
    form = SchemeFileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            ask = actions.ask_scheme(text=given["text"], name=str(given["file"].name)[:60], by=user)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("scheme-ask", ask.pk)
    asks = SchemeAsk.objects.within(user.scope).select_related("asked_by", "decided_by")[:SHOWN]
    status = refusal.status if refusal else 422 if posted else 200
    return render(request, "scoring/schemes/asks.html", {"form": form, "asks": asks, "refusal": refusal}, status=status)


@adopters
@require_safe
def scheme_template(request: HttpRequest) -> HttpResponse:
    """The newest scheme that comes with the software, to be edited."""
    return attachment((SHIPPED / TEMPLATE).read_bytes(), "细则模板.txt")


@adopters
@require_safe
def scheme_ask(request: HttpRequest, scheme_ask: int) -> HttpResponse:
    """What it would change of the one before, and the decision."""
    return _show(request, _ask_or_404(request, scheme_ask), SchemeRefusalForm())


@adopters
@require_POST
@with_password
def publish_asked(request: HttpRequest, scheme_ask: int) -> HttpResponse:
    """It is published, for good."""
    scheme = actions.publish_asked(ask=_ask_or_404(request, scheme_ask), by=user_of(request))
    messages.success(request, f"《{scheme.name}》已发布，从 {scheme.effective_from} 起适用。请到“开县第一步”采用。")
    return redirect("rules-version", scheme.code)


@adopters
@require_POST
def refuse_asked(request: HttpRequest, scheme_ask: int) -> HttpResponse:
    """It is not; or whoever handed it in takes it back."""
    ask, form = _ask_or_404(request, scheme_ask), SchemeRefusalForm(request.POST)
    if not form.is_valid():
        return _show(request, ask, form)
    actions.refuse_asked(ask=ask, answer=form.cleaned_data["answer"], by=user_of(request))
    messages.success(request, "已记下：这一版不发布。")
    return redirect("scheme-asks")


def _ask_or_404(request: HttpRequest, number: int) -> SchemeAsk:
    found = SchemeAsk.objects.within(user_of(request).scope).select_related("asked_by").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, ask: SchemeAsk, form: SchemeRefusalForm) -> HttpResponse:
    changes, trouble = [], None
    try:
        changes = changes_to(actions.draft_of(ask.text, ask.code), ask.effective_from)
    except Refused as refusal:
        trouble = refusal
    waits = ask.state == AskState.ASKED
    context = {
        "ask": ask,
        "changes": changes,
        "refusal": trouble,
        "form": form,
        "waits": waits,
        "own": ask.asked_by_id == user_of(request).pk,
    }
    return render(request, "scoring/schemes/ask.html", context, status=422 if form.errors else 200)
