"""A village's shop for those who keep it and those who look after it: overview, settings, goods, redemptions."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.borders.reads import story_of
from households.codes import Level, reaches, village_of
from households.models import WHOLE
from households.months import month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import looking
from rewards.models import Item, Redemption, Shop
from rewards.pictures.pictures import keep
from rewards.shop import reads as shop_overview
from rewards.shop.actions.catalogue import add_item, change_item, retire_item, settle_shop
from rewards.shop.actions.redemptions import reverse, void
from rewards.shop.files import redemptions_file
from rewards.shop.forms import FindRedemptionForm, ItemForm, ShopReasonForm, TermsForm
from rewards.shop.place import ShopPlace, for_shop, village_in_scope
from rewards.states import RedemptionAction, RedemptionState, transition

PER_PAGE = 50
UNDOING = (RedemptionAction.VOID, RedemptionAction.REVERSE)
GET_POST = ["GET", "HEAD", "POST"]


@holders_of(Permission.SEE_SHOP)
@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """One's own village's shop; for a township or the county the list of theirs, with what somebody should look at."""
    user = user_of(request)
    if reaches(user.division_id or "", Level.VILLAGE):
        return redirect("shop", village_of(user.division_id or ""))
    lines = shop_overview.shops_of(user, month_of(timezone.localdate()))
    troubled = [line for line in lines if line.alarms]
    only = "alarms" in request.GET
    page = Paginator(troubled if only else lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "all": len(lines), "troubled": len(troubled), "only": only}
    return render(request, "rewards/shop/list.html", context)


@holders_of(Permission.SEE_SHOP)
@require_safe
def shop(request: HttpRequest, village: str) -> HttpResponse:
    """The shop today; a village without one is told how to open it."""
    division = village_in_scope(request, village)
    user = user_of(request)
    found = Shop.objects.filter(pk=division.code).first()
    if found is None:
        context = {"village": division, "may_open": may(user, Permission.RUN_SHOP, at=division.code)}
        return render(request, "rewards/shop/unopened.html", context)
    found.village = division
    today = timezone.localdate()
    seen = shop_overview.overview(found, month_of(today), today)
    went = [one.new for one in story_of(division.code).went if one.kind in WHOLE] if division.valid_to else []
    soon = timezone.now() + shop_overview.SOON
    context = {"place": ShopPlace(division, found, user), "seen": seen, "soon": soon, "went": went}
    return render(request, "rewards/shop/page.html", context)


@holders_of(Permission.RUN_SHOP)
@require_http_methods(GET_POST)
def shop_settings(request: HttpRequest, village: str) -> HttpResponse:
    """Opening days and limits; saving them opens the shop the first time."""
    division = village_in_scope(request, village)
    found = Shop.objects.filter(pk=division.code).first()
    form = TermsForm(found, request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            settle_shop(village=division, terms=form.terms(), by=user_of(request))
            messages.success(request, "超市设置已保存。" if found else "积分超市开张了。下一步：添加物品。")
            return redirect("shop" if found else "shop-items", division.code)
        except Refused as refused:
            refusal = refused
    context = {"village": division, "shop": found, "form": form, "refusal": refusal}
    return render(request, "rewards/shop/settings.html", context, status=_status(form, refusal))


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_items(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Everything on the shelf, and what was taken off it."""
    items = Item.objects.filter(shop=place.shop).order_by("retired_at", "-on_sale", "points", "name")
    shown = [item for item in items if item.retired_at is None]
    context = {"place": place, "items": shown, "retired": [item for item in items if item.retired_at]}
    return render(request, "rewards/shop/items.html", context)


@for_shop(Permission.RUN_SHOP)
@require_http_methods(GET_POST)
def shop_item_new(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Put a new kind of goods into the catalogue."""
    return _edit(request, place, None)


@for_shop(Permission.RUN_SHOP)
@require_http_methods(GET_POST)
def shop_item(request: HttpRequest, place: ShopPlace, item: int) -> HttpResponse:
    """Change one item, or take it out for good."""
    return _edit(request, place, get_object_or_404(Item, pk=item, shop=place.shop))


def _edit(request: HttpRequest, place: ShopPlace, item: Item | None) -> HttpResponse:
    form = ItemForm(item, request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save_item(place, item, form)
            messages.success(request, f"{saved.name}已保存。")
            return redirect("shop-items", place.village.code)
        except Refused as refused:
            refusal = refused
    context = {"place": place, "item": item, "form": form, "refusal": refusal, "reason": ShopReasonForm()}
    return render(request, "rewards/shop/item_form.html", context, status=_status(form, refusal))


def _save_item(place: ShopPlace, item: Item | None, form: ItemForm) -> Item:
    """The picture first: making it takes a while, and nothing is locked yet."""
    photo = form.cleaned_data["photo"]
    picture = keep(photo, by=place.user) if photo else (item.picture if item else None)
    goods = form.goods(picture)
    if item is None:
        return add_item(shop=place.shop, goods=goods, by=place.user)
    return change_item(item=item, goods=goods, by=place.user)


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_item_retire(request: HttpRequest, place: ShopPlace, item: int) -> HttpResponse:
    """Out of the catalogue for good, with a reason."""
    found = get_object_or_404(Item, pk=item, shop=place.shop)
    retire_item(item=found, reason=_reason(request)["reason"], by=place.user)
    messages.success(request, f"{found.name}已停用。")
    return redirect("shop-items", place.village.code)


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_redemptions(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Who took what, by filter; `?format=` gives the same rows as a file."""
    items = Item.objects.filter(shop=place.shop).order_by("name").values_list("pk", "name")
    form = FindRedemptionForm([(pk, name) for pk, name in items], request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = shop_overview.redemptions_of(place.shop, wanted)
    if request.GET.get("format"):
        looking.note(place.user, looking.EXPORTED, [place.village.code])
        return redemptions_file(place.village, found, wanted, place.user, request.GET["format"])
    context = {
        "place": place,
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "totals": shop_overview.totals(found),
    }
    return render(request, "rewards/shop/redemptions.html", context)


@for_shop(Permission.SEE_SHOP)
@require_safe
def shop_redemption(request: HttpRequest, place: ShopPlace, redemption: int) -> HttpResponse:
    """Everything about one redemption, its signature, and undoing it."""
    return _show(request, place, redemption)


@for_shop(Permission.RUN_SHOP)
@require_POST
def shop_redemption_undo(request: HttpRequest, place: ShopPlace, redemption: int) -> HttpResponse:
    """Void what is reserved, take back what was handed over: with a reason."""
    found = get_object_or_404(Redemption, pk=redemption, shop=place.shop)
    given = _reason(request)
    act = void if found.state == RedemptionState.RESERVED else reverse
    try:
        act(op_id=given["op_id"] or uuid4(), redemption=found, reason=given["reason"], by=place.user)
    except Refused as refusal:
        return _show(request, place, redemption, refusal)
    messages.success(request, "已办好：积分和东西都退回了。")
    return redirect("shop-redemption", place.village.code, found.pk)


def _show(request: HttpRequest, place: ShopPlace, pk: int, refusal: Refused | None = None) -> HttpResponse:
    rows = Redemption.objects.select_related("item", "household__group", "reserved_by", "handed_by", "ended_by")
    found = get_object_or_404(rows, pk=pk, shop=place.shop)
    state = RedemptionState(found.state)
    context = {
        "place": place,
        "redemption": found,
        "form": ShopReasonForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
        "flags": found.flags,
        "reserved": state.is_open,
        "may_undo": place.runs and any(transition(undoing, state) for undoing in UNDOING),
    }
    return render(request, "rewards/shop/redemption.html", context, status=refusal.status if refusal else 200)


def _reason(request: HttpRequest) -> dict[str, Any]:
    form = ShopReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("reason_missing", "请写明原因。", hint="原因会留在记录里，监督委员看得到。")
    return form.cleaned_data


def _status(form: Any, refusal: Refused | None) -> int:
    if refusal:
        return refusal.status
    return 422 if form.is_bound and form.errors else 200
