"""The shop on a household's own pages, behind its plate and PIN. Every page works without scripts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.codes import village_of
from households.fields import OnceForm
from households.models import Plate
from households.plates.audience import of_household
from households.refusals import Refused
from rewards.models import Redemption
from rewards.shop import shelf as shelves
from rewards.shop.actions.redemptions import reserve, void
from rewards.shop.forms import ReserveForm

MAX_CHOICES = 10  # quantities offered to choose from


@of_household
@require_safe
def plate_shop(request: HttpRequest, plate: Plate) -> HttpResponse:
    """What there is, what this household can still take, and what waits for it."""
    shop = shelves.shop_of(village_of(plate.household_id))
    if shop is None:
        return render(request, "rewards/shop/none.html", {"token": plate.token, "household": plate.household})
    shelf = shelves.shelf_of(plate.household, shop)
    return render(request, "rewards/shop/shelf.html", {"shelf": shelf, "token": plate.token})


@of_household
@require_http_methods(["GET", "HEAD", "POST"])
def plate_shop_item(request: HttpRequest, plate: Plate, item: int) -> HttpResponse:
    """One item; POST reserves it. The form's id makes a second tap the same reservation."""
    if request.method != "POST":
        return _item_page(request, plate, item)
    form = ReserveForm(request.POST)
    if not form.is_valid():
        raise Refused("form", "没有选好要几个，没有预订。", hint="请退回上一页再试。", status=400)
    quantity, op_id = form.cleaned_data["quantity"], form.cleaned_data["op_id"]
    goods = _goods(plate, item)
    try:
        reserve(op_id=op_id, household=plate.household, item=goods.item, quantity=quantity, by=None)
    except Refused as refusal:
        return _item_page(request, plate, item, refusal, quantity)
    messages.success(request, f"预订好了：{goods.item.name} {quantity} {goods.item.unit}。")
    return redirect("plate-shop-mine", plate.token)


@of_household
@require_safe
def plate_shop_mine(request: HttpRequest, plate: Plate) -> HttpResponse:
    """What the household has reserved, until when, and what it had before."""
    shop = shelves.shop_of(village_of(plate.household_id))
    context = {
        "waiting": shelves.waiting(plate.household),
        "history": shelves.history(plate.household),
        "opening": shelves.opening_words(shop, timezone.localdate()) if shop else "",
        "token": plate.token,
    }
    return render(request, "rewards/shop/mine.html", context)


@of_household
@require_POST
def plate_shop_cancel(request: HttpRequest, plate: Plate, redemption: int) -> HttpResponse:
    """The household does not want it any more; goods and points are free again."""
    found = get_object_or_404(Redemption, pk=redemption, household=plate.household_id)
    form = OnceForm(request.POST)
    if not form.is_valid():
        raise Refused("form", "提交的内容不完整，没有取消。", hint="请退回上一页再试。", status=400)
    void(op_id=form.cleaned_data["op_id"], redemption=found, by=None)
    messages.success(request, f"已经取消，{found.points} 积分退回来了。")
    return redirect("plate-shop-mine", plate.token)


def _goods(plate: Plate, item: int) -> shelves.ShelfItem:
    return _shelf_with(plate, item)[1]


def _shelf_with(plate: Plate, item: int) -> tuple[shelves.Shelf, shelves.ShelfItem]:
    """The household's shelf and one item on it; 404 for an item of another village, or one no longer offered."""
    shop = shelves.shop_of(village_of(plate.household_id))
    if shop is None:
        raise Http404
    shelf = shelves.shelf_of(plate.household, shop)
    goods = next((goods for goods in shelf.goods if goods.item.pk == item), None)
    if goods is None:
        raise Http404
    return shelf, goods


def _item_page(
    request: HttpRequest, plate: Plate, item: int, refusal: Refused | None = None, chosen: int = 1
) -> HttpResponse:
    shelf, goods = _shelf_with(plate, item)
    most = min(goods.most, MAX_CHOICES)
    context = {
        "shelf": shelf,
        "goods": goods,
        "choices": [(number, number * goods.item.points) for number in range(1, most + 1)],
        "chosen": min(chosen, most),
        "token": plate.token,
        "refusal": refusal,
    }
    return render(request, "rewards/shop/item.html", context, status=refusal.status if refusal else 200)
