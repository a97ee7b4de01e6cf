"""Making petitions public: the original and the redacted copy side by side, and the list of what waits for that."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from households.refusals import Refused
from petitions.models import Petition, PetitionEvent, Publication
from petitions.publishing import actions as publishing
from petitions.publishing import reads as publications
from petitions.publishing.actions import Redacted
from petitions.publishing.forms import PublicationWithdrawForm, RedactedForm
from petitions.publishing.residues import Residue, refused, suggested
from petitions.sight import petition_in_sight
from petitions.states import PetitionAction

PER_PAGE = 50


@holders_of(Permission.REDACT_PETITIONS)
@require_safe
def publishing_list(request: HttpRequest) -> HttpResponse:
    """Answered petitions that could be public, and those that are."""
    rows = publications.waiting(Petition.objects.visible_to(user_of(request)))
    only = request.GET.get("only", "")
    if only in ("public", "waiting"):
        rows = rows.filter(public__isnull=only == "waiting")
    shown = rows.select_related("place").without_content()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "petitions/publishing/list.html", {"page": page, "only": only})


@holders_of(Permission.REDACT_PETITIONS)
@sensitive_post_parameters("title", "text", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
def publish_petition(request: HttpRequest, number: str) -> HttpResponse:
    """Write the public copy beside the original; "look" shows what is left of persons, "publish" makes it public."""
    petition = petition_in_sight(request, number)
    if request.method != "POST":
        return _page(request, petition, _form(petition, None))
    form = _form(petition, request.POST.dict())
    if not form.is_valid():
        return _page(request, petition, form, status=422)
    if request.POST.get("step") != "publish":
        return _page(request, petition, form, looked=True)
    try:
        publishing.publish(
            op_id=form.cleaned_data["op_id"], petition=petition, by=user_of(request), redacted=form.redacted
        )
    except Refused as refusal:
        return _refused(request, petition, form, refusal)
    messages.success(request, "已经公开，公开列表里可以看到。")
    return redirect("petition-publish", number)


@holders_of(Permission.REDACT_PETITIONS)
@require_POST
def unpublish_petition(request: HttpRequest, number: str) -> HttpResponse:
    """Take the public copy back."""
    petition = petition_in_sight(request, number)
    form = PublicationWithdrawForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("note_missing", "请写明为什么撤下。", fields={"note": "必填"})
        publishing.withdraw_publication(
            op_id=form.cleaned_data["op_id"], petition=petition, by=user_of(request), reason=form.cleaned_data["note"]
        )
    except Refused as refusal:
        return _refused(request, petition, _form(petition, None), refusal)
    messages.success(request, "已经撤下，公开列表里没有了。")
    return redirect("petition-publish", number)


def _form(petition: Petition, data: Any) -> RedactedForm:
    """The form as sent, or a first suggestion; a fresh id each time it is shown, so that a second try is another one."""
    if data is None:
        return RedactedForm(initial=_suggestion(petition), enterprise=bool(petition.enterprise))
    return RedactedForm(data, enterprise=bool(petition.enterprise))


def _suggestion(petition: Petition) -> dict[str, Any]:
    known = publishing.known_of(petition)
    texts = {"title": petition.title, "text": petition.text, "answer": _answer_of(petition)}
    return {"op_id": uuid4()} | {name: suggested(text, known) for name, text in texts.items()}


def _answer_of(petition: Petition) -> str:
    last = PetitionEvent.objects.filter(petition=petition, kind=PetitionAction.ANSWER).order_by("-seq").first()
    return last.told if last else ""


def _refused(request: HttpRequest, petition: Petition, form: RedactedForm, refusal: Refused) -> HttpResponse:
    if refusal.status == 404:
        raise Http404 from refusal
    return _page(request, petition, form, refusal=refusal, looked=form.is_bound, status=refusal.status)


def _page(
    request: HttpRequest,
    petition: Petition,
    form: RedactedForm,
    *,
    refusal: Refused | None = None,
    looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    found = _found(petition, form) if looked else []
    if form.is_bound:
        form.data = {**form.data, "op_id": str(uuid4())}
    context = {
        "petition": petition,
        "form": form,
        "answer": _answer_of(petition),
        "why_not": publishing.why_not(petition),
        "public": Publication.objects.filter(petition=petition, withdrawn_at=None)
        .select_related("published_by")
        .first(),
        "withdrawn": list(
            Publication.objects.filter(petition=petition).exclude(withdrawn_at=None).select_related("withdrawn_by")
        ),
        "withdraw": PublicationWithdrawForm(initial={"op_id": uuid4()}),
        "found": found,
        "blocked": bool(refused(found)),
        "looked": looked,
        "refusal": refusal,
    }
    return render(request, "petitions/publishing/page.html", context, status=status)


def _found(petition: Petition, form: RedactedForm) -> list[Residue]:
    given = {name: form.data.get(name, "") for name in ("title", "text", "answer")}
    agreed = bool(form.data.get("enterprise_agreed"))
    return publishing.found_in(petition, Redacted(**given, enterprise_agreed=agreed))


urlpatterns: list[URLPattern] = [
    path("petitions/publishing/", publishing_list, name="petition-publishing"),
    path("petitions/<petition_number:number>/publish/", publish_petition, name="petition-publish"),
    path("petitions/<petition_number:number>/unpublish/", unpublish_petition, name="petition-unpublish"),
]
