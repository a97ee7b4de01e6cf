"""Accounts of points for staff: what there is, what lapses when, every movement; and changes by hand that two persons make."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, group_of, village_of
from households.confirming.views import with_password
from households.fields import faults_of
from households.files.answers import table
from households.models import User
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.ledger import door as ledger
from scoring.models import PointAdjustment, PointEntry
from scoring.points import actions as point_adjustments
from scoring.points import reads as point_accounts
from scoring.points.forms import AskPointsForm, DecidePointsForm
from scoring.points.owners import Holder, department_of_address, holder_of_address, names_of, reaches
from scoring.points.reads_heirless import heirless, lines_of
from scoring.readers import Reader

PER_PAGE = 50
COLUMNS = {
    "seq": "序号",
    "at": "时间",
    "kind": "种类",
    "text": "事由",
    "amount": "变动",
    "held": "占用",
    "owed": "欠分",
    "balance": "余额",
}
ADJUSTMENTS_SHOWN = 5


@holders_of(Permission.SEE_POINTS)
@require_safe
def points_home(request: HttpRequest) -> HttpResponse:
    """The account of one's own place."""
    user = user_of(request)
    if user.department_id:
        return redirect("department-points", user.department_id)
    return redirect("points", user.division_id)


@holders_of(Permission.SEE_POINTS)
@require_safe
def points(request: HttpRequest, code: str) -> HttpResponse:
    """A household's or division's account."""
    return _account(request, holder_of_address(user_of(request), code))


@holders_of(Permission.SEE_POINTS)
@require_safe
def department_points(request: HttpRequest, department: str) -> HttpResponse:
    """A department's account."""
    return _account(request, department_of_address(user_of(request), department))


@holders_of(Permission.ASK_POINTS)
@require_POST
def points_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a change of a household's or division's points."""
    return _ask(request, holder_of_address(user_of(request), code))


@holders_of(Permission.ASK_POINTS)
@require_POST
def department_points_ask(request: HttpRequest, department: str) -> HttpResponse:
    """Ask for a change of a department's points."""
    return _ask(request, department_of_address(user_of(request), department))


@holders_of(Permission.SEE_POINTS)
@require_safe
def point_adjustments_list(request: HttpRequest) -> HttpResponse:
    """Changes by hand inside the reader's subtree: those that wait first."""
    return _list(request)


@holders_of(Permission.CHANGE_HOUSEHOLDS)
@require_safe
def heirless_points(request: HttpRequest) -> HttpResponse:
    """Closed households whose points nobody has been named for yet."""
    found = heirless(user_of(request).scope, timezone.localdate())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": lines_of(list(page.object_list))}
    return render(request, "scoring/points/heirless.html", context)


@holders_of(Permission.GRANT_POINTS)
@require_POST
@with_password
def point_adjustment_decide(request: HttpRequest, asked: int) -> HttpResponse:
    """Grant or refuse one."""
    user = user_of(request)
    found = get_object_or_404(PointAdjustment, pk=asked)
    if not reaches(user, point_adjustments.owner_of(found)):
        raise Http404
    form = DecidePointsForm(request.POST)
    if not form.is_valid():
        words = ("提交的内容不完整，没有生效。", "请重新选择。")
        return _list(request, Refused("form", words[0], hint=words[1], fields=faults_of(form), status=400))
    given = form.cleaned_data
    try:
        if given["decision"] == "grant":
            point_adjustments.grant_points(asked=found, op_id=given["op_id"], by=user)
        else:
            point_adjustments.refuse_points(asked=found, answer=given["answer"], op_id=given["op_id"], by=user)
    except Refused as refusal:
        return _list(request, refusal)
    messages.success(
        request, "已批准，积分已经入账。" if given["decision"] == "grant" else "没有批准，申请人会看到原因。"
    )
    return redirect("point-adjustments")


def _ask(request: HttpRequest, holder: Holder) -> HttpResponse:
    form = AskPointsForm(request.POST)
    if not form.is_valid():
        return _account(request, holder, form, Refused("form", "请按提示改正。", status=400))
    try:
        point_adjustments.ask_points(owner=holder.owner, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _account(request, holder, form, refusal)
    messages.success(request, "申请已经提交，等另一位同志批准。")
    return redirect(address_of(holder))


def address_of(holder: Holder) -> str:
    """Where an account is shown."""
    return reverse("department-points" if holder.is_department else "points", args=[holder.code])


def _account(
    request: HttpRequest, holder: Holder, form: AskPointsForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    user = user_of(request)
    entries = point_accounts.entries_of(holder.owner)
    if form_wanted := request.GET.get("format"):
        return _file(holder, entries, form_wanted)
    may_ask = point_adjustments.may_ask(user, holder.owner)
    asked = PointAdjustment.objects.filter(owner_kind=holder.owner.kind, owner=holder.code)
    context: dict[str, Any] = {
        "holder": holder,
        "above": _above(user, holder),
        "points": ledger.state_of(holder.owner),
        "lots": point_accounts.lots_of(holder.owner),
        "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "below": point_accounts.below(holder, Reader(user)),
        "departments": point_accounts.departments_of(holder.code) if holder.level is Level.COUNTY else [],
        "adjustments": asked.select_related("asked_by", "decided_by")[:ADJUSTMENTS_SHOWN],
        "form": form or (AskPointsForm(initial={"op_id": uuid4()}) if may_ask else None),
        "changes_households": may(user, Permission.CHANGE_HOUSEHOLDS),
        "ask_url": reverse("department-points-ask" if holder.is_department else "points-ask", args=[holder.code]),
        "refusal": refusal,
    }
    return render(request, "scoring/points/page.html", context, status=refusal.status if refusal else 200)


def _above(user: User, holder: Holder) -> str:
    """The account above a household's or group's, as far as the reader may open it; else empty."""
    above = {Level.HOUSEHOLD: group_of, Level.GROUP: village_of}.get(holder.level) if holder.level else None
    code = above(holder.code) if above else ""
    return code if code and user.scope.covers(code) else ""


def _list(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    user = user_of(request)
    found = point_adjustments.within(user).select_related("asked_by", "decided_by").order_by("state", "-id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = names_of([point_adjustments.owner_of(asked) for asked in page], Reader(user))
    context = {
        "page": page,
        "rows": [
            (asked, name, point_adjustments.may_decide(user, asked)) for asked, name in zip(page, names, strict=True)
        ],
        "refusal": refusal,
    }
    return render(request, "scoring/points/adjustments.html", context, status=refusal.status if refusal else 200)


def _file(holder: Holder, entries: Any, form: str) -> HttpResponse:
    """Every movement, in the order and with the columns of the screen; 404 for another format than csv and xlsx."""
    rows = [_row(entry) for entry in entries]
    return table(form, COLUMNS, rows, name=f"积分明细-{holder.code}-{timezone.localdate():%Y%m%d}", title="积分明细")


def _row(entry: PointEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        "kind": entry.get_kind_display(),
        "text": entry.shown_text,
        "amount": entry.amount,
        "held": entry.held,
        "owed": entry.owed,
        "balance": entry.after,  # type: ignore[attr-defined]
    }
