"""Funds of the county: the list, one fund with its sources and rules, and the rules' form."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.models import Division, User
from households.operations import once
from households.permissions import Permission
from households.refusals import Refused
from rewards.awards.actions.funds import add_source, create_fund, set_rule
from rewards.awards.actions.runs import preview
from rewards.awards.forms import FundForm, PreviewForm, RuleForms, SourceForm
from rewards.awards.reads import fund_page
from rewards.models import AwardKind, AwardRule, Fund
from scoring.rankings.publication import published_months

GET_POST = ["GET", "HEAD", "POST"]


def fund_of(user: User, pk: int) -> Fund:
    """The fund, if it is the person's own county's; else 404."""
    return get_object_or_404(Fund.objects.select_related("county"), pk=pk, county=user.division_id)


def _county(user: User) -> Division:
    if user.division is None:
        raise Http404
    return user.division


@holders_of(Permission.MANAGE_FUNDS)
@require_http_methods(GET_POST)
@with_password
def funds(request: HttpRequest) -> HttpResponse:
    """All funds of the county, newest year first, and the form for a new one."""
    user = user_of(request)
    form = FundForm(request.POST or None, initial={"op_id": uuid4(), "year": timezone.localdate().year})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("fund", _create(form, user))
        except Refused as refused:
            refusal = refused
    found = Fund.objects.filter(county=user.division_id)
    return _render(request, "rewards/awards/funds.html", {"funds": found, "form": form}, refusal)


def _create(form: FundForm, user: User) -> int:
    typed = dict(form.cleaned_data)
    op_id = typed.pop("op_id")

    def act() -> dict[str, Any]:
        return {"fund": create_fund(county=_county(user), by=user, **typed).pk}

    return int(once(op_id=op_id, by=user, kind="fund.create", payload=typed, act=act)["fund"])


def _render(request: HttpRequest, template: str, context: dict[str, Any], refusal: Refused | None) -> HttpResponse:
    status = refusal.status if refusal else 200
    return render(request, template, context | {"refusal": refusal}, status=status)


@holders_of(Permission.MANAGE_FUNDS)
@require_safe
def fund(request: HttpRequest, fund: int) -> HttpResponse:
    """One fund: what came in, by which rules it goes out, and what was given."""
    return _show(request, fund_of(user_of(request), fund))


def _show(
    request: HttpRequest, found: Fund, refusal: Refused | None = None, forms: dict[str, Form] | None = None
) -> HttpResponse:
    months = published_months(found.county_id)
    in_year = [month for month in months if month.startswith(f"{found.year}-")] or months
    span = {"first": in_year[-1], "last": in_year[0]} if in_year else {}
    context = {
        "page": fund_page(found),
        "sources": found.sources.select_related("department", "by"),
        "source_form": SourceForm(initial={"op_id": uuid4()}),
        "preview_form": PreviewForm(initial=span),
    }
    return _render(request, "rewards/awards/fund.html", context | (forms or {}), refusal)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
@with_password
def fund_source(request: HttpRequest, fund: int) -> HttpResponse:
    """Money of a department comes in."""
    user = user_of(request)
    found = fund_of(user, fund)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _show(request, found, _unread(), {"source_form": form})
    typed = form.cleaned_data

    def act() -> dict[str, Any]:
        source = add_source(
            fund=found,
            department=typed["department"],
            amount_fen=typed["amount"],
            document_no=typed["document_no"],
            note=typed["note"],
            by=user,
        )
        return {"source": source.pk}

    payload = {key: str(value) for key, value in typed.items()} | {"fund": found.pk}
    try:
        once(op_id=typed["op_id"], by=user, kind="fund.source", payload=payload, act=act)
    except Refused as refusal:
        return _show(request, found, refusal, {"source_form": form})
    messages.success(request, "已登记资金来源。")
    return redirect("fund", found.pk)


def _unread() -> Refused:
    return Refused("form", "有的内容没有填对，没有生效。", hint="请看下面标出的地方。", status=400)


@holders_of(Permission.MANAGE_FUNDS)
@require_http_methods(GET_POST)
@with_password
def fund_rule(request: HttpRequest, fund: int, kind: str) -> HttpResponse:
    """The rule of one kind: as it stands, and to be replaced."""
    user = user_of(request)
    found = fund_of(user, fund)
    if kind not in AwardKind.values:
        raise Http404
    rule = AwardRule.objects.filter(fund=found, kind=kind, replaced_at=None).first()
    forms = RuleForms(AwardKind(kind), rule, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        try:
            return _set_rule(request, found, forms)
        except Refused as refused:
            refusal = refused
    context = {"fund": found, "kind": AwardKind(kind), "forms": forms, "rule": rule}
    return _render(request, "rewards/awards/fund_rule.html", context, refusal)


def _set_rule(request: HttpRequest, found: Fund, forms: RuleForms) -> HttpResponse:
    if not forms.is_valid():
        raise _unread()
    set_rule(fund=found, draft=forms.draft, by=user_of(request))
    messages.success(request, f"{forms.kind.label}的规则已保存。")
    return redirect("fund", found.pk)


@holders_of(Permission.MANAGE_FUNDS)
@require_POST
def fund_preview(request: HttpRequest, fund: int) -> HttpResponse:
    """Work a rule out for a second person to confirm."""
    user = user_of(request)
    found = fund_of(user, fund)
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return _show(request, found, _unread(), {"preview_form": form})
    typed = form.cleaned_data
    try:
        run = preview(fund=found, kind=AwardKind(typed["kind"]), first=typed["first"], last=typed["last"], by=user)
    except Refused as refusal:
        return _show(request, found, refusal, {"preview_form": form})
    return redirect("award-run", run.pk)
