"""The ready-made words of the county, kept by its petition office."""

from itertools import groupby
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.fields import OnceForm
from households.permissions import Permission
from households.refusals import Refused
from petitions.letters import replies
from petitions.letters.actions import keep_template, retire_template
from petitions.letters.forms import TemplateForm
from petitions.letters.replies import GAPS, Reply


@holders_of(Permission.ROUTE_PETITIONS)
@require_safe
def petition_templates(request: HttpRequest) -> HttpResponse:
    """All of them, by the step for which they are."""
    every = replies.offered(_county(request))
    steps = [(action.label, list(found)) for action, found in groupby(every, key=lambda one: one.action)]
    return render(request, "petitions/letters/replies.html", {"steps": steps, "gaps": GAPS.items()})


@holders_of(Permission.ROUTE_PETITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def petition_template_new(request: HttpRequest) -> HttpResponse:
    """Write one."""
    return _edit(request, None)


@holders_of(Permission.ROUTE_PETITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def petition_template(request: HttpRequest, key: str) -> HttpResponse:
    """Change one; a shipped one is then the county's own."""
    return _edit(request, _found(request, key))


@holders_of(Permission.ROUTE_PETITIONS)
@require_POST
def petition_template_retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take one away."""
    form = OnceForm(request.POST)
    found = _found(request, key)
    if form.is_valid():
        retire_template(op_id=form.cleaned_data["op_id"], by=user_of(request), key=found.key)
        messages.success(request, f"已停用“{found.name}”。")
    return redirect("petition-templates")


def _edit(request: HttpRequest, reply: Reply | None) -> HttpResponse:
    if request.method != "POST":
        standing = {"action": reply.action, "name": reply.name, "text": reply.text} if reply else {}
        return _page(request, TemplateForm(initial=standing | {"op_id": uuid4()}), reply)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _page(request, form, reply)
    try:
        reply_template = keep_template(by=user_of(request), key=reply.key if reply else "", **form.cleaned_data)
    except Refused as refusal:
        return _page(request, form, reply, refusal)
    messages.success(request, f"“{reply_template.name}”已存好。")
    return redirect("petition-templates")


def _page(
    request: HttpRequest, form: TemplateForm, reply: Reply | None, refusal: Refused | None = None
) -> HttpResponse:
    context = {"form": form, "reply": reply, "gaps": GAPS.items(), "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "petitions/letters/reply.html", context, status=status)


def _found(request: HttpRequest, key: str) -> Reply:
    found = replies.found(_county(request), key)
    if found is None:
        raise Http404
    return found


def _county(request: HttpRequest) -> str:
    return user_of(request).division_id or ""


urlpatterns: list[URLPattern] = [
    path("petitions/templates/", petition_templates, name="petition-templates"),
    path("petitions/templates/new/", petition_template_new, name="petition-template-new"),
    path("petitions/templates/<slug:key>/", petition_template, name="petition-template"),
    path("petitions/templates/<slug:key>/retire/", petition_template_retire, name="petition-template-retire"),
]
