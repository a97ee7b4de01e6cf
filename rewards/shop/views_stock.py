"""Goods coming in, the counting of the shelf with its two signatures, and the reconciliation."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.months import Month, month_of, next_month, parse_month, previous_month
from households.permissions import Permission
from households.refusals import Refused
from rewards.models import Item, MoveKind, StockMove, Stocktake
from rewards.shop.actions import stocktakes
from rewards.shop.actions.stock import purchase
from rewards.shop.files import reconciliation_file
from rewards.shop.forms import PurchaseForm
from rewards.shop.forms_stocktakes import CountForm
from rewards.shop.place import ShopPlace, for_shop
from rewards.shop.reconciliation import reconcile
from rewards.states import StocktakeState

PER_PAGE = 50
SHOWN = 20


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_purchases(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """What came in, newest first, and the form for more."""
    return _purchases(request, place, _purchase_form(request, place))


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_purchase(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Goods came in; the form's id makes a second press harmless."""
    form = _purchase_form(request, place, request.POST)
    if not form.is_valid():
        return _purchases(request, place, form, status=422)
    given = dict(form.cleaned_data)
    item = get_object_or_404(Item, pk=given.pop("item"), shop=place.shop)
    try:
        move = purchase(item=item, by=place.user, **given)
    except Refused as refusal:
        return _purchases(request, place, form, refusal, refusal.status)
    messages.success(request, f"已进货：{item.name} {move.quantity} {item.unit}。")
    return redirect("shop-purchases", place.village.code)


def _purchase_form(request: HttpRequest, place: ShopPlace, data: Any = None) -> PurchaseForm:
    items = list(Item.objects.filter(shop=place.shop, retired_at=None).order_by("name"))
    return PurchaseForm(items, data, initial={"op_id": uuid4(), "item": request.GET.get("item", "")})


def _purchases(
    request: HttpRequest, place: ShopPlace, form: PurchaseForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    moves = StockMove.objects.filter(item__shop=place.shop, kind=MoveKind.PURCHASE)
    page = Paginator(moves.select_related("item", "by").order_by("-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"place": place, "form": form, "page": page, "refusal": refusal}
    return render(request, "rewards/shop/purchases.html", context, status=status)


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_stocktakes(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """The counts so far, and beginning another."""
    takes = list(place.shop.stocktakes.select_related("opened_by", "signed_by", "witnessed_by")[:SHOWN])
    standing = [take for take in takes if take.state in (StocktakeState.COUNTING, StocktakeState.SIGNED)]
    context = {"place": place, "takes": takes, "standing": standing[0] if standing else None}
    return render(request, "rewards/shop/stocktakes.html", context)


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_stocktake_open(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Begin to count; when one stands already, that one is shown."""
    standing = place.shop.stocktakes.filter(state__in=[StocktakeState.COUNTING, StocktakeState.SIGNED]).first()
    take = standing or stocktakes.open_stocktake(shop=place.shop, by=place.user)
    return redirect("shop-stocktake", place.village.code, take.pk)


@for_shop(Permission.SEE_SHOP)
@require_http_methods(["GET", "HEAD"])
def shop_stocktake(request: HttpRequest, place: ShopPlace, stocktake: int) -> HttpResponse:
    """The count sheet while it is open, afterwards what was found."""
    take = _take(place, stocktake)
    return _sheet(request, place, take, CountForm(list(take.lines.select_related("item"))))


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_stocktake_count(request: HttpRequest, place: ShopPlace, stocktake: int) -> HttpResponse:
    """Note what was counted so far; with the button 签名 also sign."""
    take = _take(place, stocktake)
    form = CountForm(list(take.lines.select_related("item")), request.POST)
    if not form.is_valid():
        return _sheet(request, place, take, form)
    try:
        if counts := form.counts():
            stocktakes.enter_counts(stocktake=take, counts=counts, by=place.user)
        if "sign" in request.POST:
            stocktakes.sign_stocktake(stocktake=take, by=place.user)
    except Refused as refusal:
        return _sheet(request, place, take, form, refusal)
    messages.success(
        request, "已签名，请村务监督委员核对签名。" if "sign" in request.POST else "已保存，可以接着清点。"
    )
    return redirect("shop-stocktake", place.village.code, take.pk)


@for_shop(Permission.WITNESS_STOCK)
@require_POST
def shop_stocktake_witness(request: HttpRequest, place: ShopPlace, stocktake: int) -> HttpResponse:
    """The supervisor's signature, or sending it back with a reason."""
    take = _take(place, stocktake)
    reason = request.POST.get("reason", "")
    try:
        if "back" in request.POST:
            stocktakes.send_back_stocktake(stocktake=take, reason=reason, by=place.user)
        else:
            stocktakes.witness_stocktake(stocktake=take, by=place.user)
    except Refused as refusal:
        return _sheet(request, place, take, None, refusal)
    messages.success(request, "已退回，请清点人重新清点。" if "back" in request.POST else "已签名，盘点差异已入账。")
    return redirect("shop-stocktake", place.village.code, take.pk)


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_stocktake_cancel(request: HttpRequest, place: ShopPlace, stocktake: int) -> HttpResponse:
    """Give the count up."""
    take = _take(place, stocktake)
    try:
        stocktakes.cancel_stocktake(stocktake=take, reason=request.POST.get("reason", ""), by=place.user)
    except Refused as refusal:
        return _sheet(request, place, take, None, refusal)
    messages.success(request, "这次盘点已作废，库存没有变。")
    return redirect("shop-stocktakes", place.village.code)


def _take(place: ShopPlace, pk: int) -> Stocktake:
    found = place.shop.stocktakes.select_related("opened_by", "signed_by", "witnessed_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _sheet(
    request: HttpRequest,
    place: ShopPlace,
    take: Stocktake,
    form: CountForm | None,
    refusal: Refused | None = None,
) -> HttpResponse:
    lines = form.lines if form else list(take.lines.select_related("item"))
    counted = [line for line in lines if line.counted is not None]
    context = {
        "place": place,
        "take": take,
        "form": form or CountForm(lines),
        "lines": lines,
        "counted": len(counted),
        "differing": sum(1 for line in counted if line.variance),
        "state": StocktakeState(take.state),
        "own": take.signed_by_id == place.user.pk,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "rewards/shop/stocktake.html", context, status=status)


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_reconciliation(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Stock, points and signatures of `?month=` side by side; `?format=` gives the same as a file."""
    current = month_of(timezone.localdate())
    month = _month(request.GET.get("month", ""), current)
    found = reconcile(place.shop, month)
    if request.GET.get("format"):
        return reconciliation_file(place.village, found, request.GET["format"])
    months = {"before": previous_month(month), "after": next_month(month)}
    context = {"place": place, "month": month, "found": found, "months": months}
    return render(request, "rewards/shop/reconciliation.html", context | {"is_current": month == current})


def _month(asked: str, current: Month) -> Month:
    """The month of the address, the running one without any; 404 for what is none or lies ahead."""
    try:
        month = parse_month(asked) if asked else current
    except ValueError:
        raise Http404 from None
    if month > current:
        raise Http404
    return month
