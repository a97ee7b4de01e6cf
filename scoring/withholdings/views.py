"""Published words that must not stay: what was written freely, the request, and its decision."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.fields import OnceForm, row_id
from households.permissions import Permission
from households.refusals import Refused
from scoring.models import Withholding
from scoring.states import WithholdingState
from scoring.withholdings.actions import withholding as actions
from scoring.withholdings.actions.texts import PublishedText, may_decide, text_of
from scoring.withholdings.forms import AskForm, WithholdingRefusalForm
from scoring.withholdings.reads import free_texts, requests_of, text_behind

PER_PAGE = 50
asking = holders_of(Permission.ASK_WITHHOLDING)
INCOMPLETE = Refused("form", "提交的内容不完整，没有生效。", hint="请按提示补全。", status=400)


@asking
@require_safe
def withholdings(request: HttpRequest) -> HttpResponse:
    """What was written freely before there was a list of reasons, and the requests."""
    user = user_of(request)
    context = {
        "texts": Paginator(free_texts(user), PER_PAGE).get_page(request.GET.get("page")),
        "requests": [(asked, may_decide(asked, user)) for asked in requests_of(user)[:PER_PAGE]],
    }
    return render(request, "scoring/withholdings/list.html", context)


@asking
@require_http_methods(["GET", "HEAD", "POST"])
def ask_withholding(request: HttpRequest) -> HttpResponse:
    """Ask for one text, `?entry=` or `?ranking=` its number; without a text, the way to all of them."""
    if not {"entry", "ranking"} & request.GET.keys():
        return redirect("withholdings")
    text = _text_or_404(request)
    form = AskForm(request.POST or None, initial={"op_id": uuid4()})
    refusal = None
    if form.is_valid():
        try:
            answer = actions.ask(kind=text.kind, row_id=text.number, by=user_of(request), **form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, "已经申请，等另一个人决定。")
            return redirect("withholding", answer["id"])
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"text": text, "form": form, "refusal": refusal}
    return render(request, "scoring/withholdings/ask.html", context, status=status)


def _text_or_404(request: HttpRequest) -> PublishedText:
    kind = "entry" if "entry" in request.GET else "ranking"
    number = row_id(request.GET.get(kind, ""))
    text = text_of(kind, number, user_of(request)) if number is not None else None
    if text is None:
        raise Http404
    return text


@asking
@require_safe
def withholding(request: HttpRequest, withholding: int) -> HttpResponse:
    """One request and its decision."""
    return _show(request, _withholding_or_404(request, withholding))


@holders_of(Permission.GRANT_RESTATEMENT)
@require_POST
def withholding_grant(request: HttpRequest, withholding: int) -> HttpResponse:
    """The words go, for good."""
    told = "原文已经不再公开，各处换成了清单里的话。"
    return _decide(request, withholding, OnceForm(request.POST), actions.grant, told)


@holders_of(Permission.GRANT_RESTATEMENT)
@require_POST
def withholding_refuse(request: HttpRequest, withholding: int) -> HttpResponse:
    """The words stay; with a reason."""
    told = "已答复：不同意。申请的人会看到原因。"
    return _decide(request, withholding, WithholdingRefusalForm(request.POST), actions.refuse, told)


def _decide(
    request: HttpRequest, withholding: int, form: OnceForm, decide: Callable[..., object], told: str
) -> HttpResponse:
    """Decide as the form says: on with `told`, or the page again with what stands against it."""
    found = _withholding_or_404(request, withholding)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE, form)
    try:
        decide(withholding=found.pk, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, _withholding_or_404(request, withholding), refusal, form)
    messages.success(request, told)
    return redirect("withholding", found.pk)


def _show(
    request: HttpRequest, found: Withholding, refusal: Refused | None = None, sent: OnceForm | None = None
) -> HttpResponse:
    user = user_of(request)
    waiting = found.state == WithholdingState.ASKED
    context = {
        "asked": found,
        "text": text_behind(found),
        "digest": bytes(found.digest).hex(),
        "deciding": waiting and may_decide(found, user),
        "own": waiting and found.asked_by_id == user.pk,
        "grant": OnceForm(initial={"op_id": uuid4()}),
        "refuse": sent
        if isinstance(sent, WithholdingRefusalForm)
        else WithholdingRefusalForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    return render(request, "scoring/withholdings/page.html", context, status=refusal.status if refusal else 200)


def _withholding_or_404(request: HttpRequest, number: int) -> Withholding:
    found = requests_of(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
