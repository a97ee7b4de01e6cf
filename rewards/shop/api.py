"""The shop over HTTP: what it offers, reserving, handing over, voiding, and what a counter gave out off line."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_choice, asked_number, errors, first_page, moment, sent
from households.audience import division_in_scope, household_in_scope
from households.codes import Level
from households.endpoints import caller, endpoint
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from rewards.models import Item, Redemption, Shop
from rewards.shop import opening
from rewards.shop.actions import redemptions
from rewards.shop.actions.redemptions_offline import OfflineOp, record_offline
from rewards.shop.serializers import (
    REDEMPTION_STATES,
    HandOverSerializer,
    OfflineAnswerSerializer,
    OfflineSerializer,
    ReasonSerializer,
    RedemptionListSerializer,
    RedemptionSerializer,
    ReserveSerializer,
    ShopSerializer,
)


@extend_schema(
    operation_id="shop_read",
    summary="A village's shop and what it offers",
    responses={200: ShopSerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_SHOP)
def shop(request: Request, village: str) -> HttpResponseBase:
    """Opening days, limits and the items on sale with their prices and free stock."""
    place = division_in_scope(caller(request), village, Level.VILLAGE)
    found = Shop.objects.filter(pk=place.code).first()
    if found is None:
        raise Http404
    return Response(_shop(found))


@extend_schema(
    methods=["GET"],
    operation_id="redemption_list",
    summary="Redemptions in the caller's scope, newest first",
    parameters=[
        OpenApiParameter("household", str, description="Only of this household."),
        OpenApiParameter("state", str, enum=[state for state, _ in REDEMPTION_STATES]),
        OpenApiParameter("before", int, description="Only older than this number."),
    ],
    responses={200: RedemptionListSerializer, **errors(400, 401, 403, 404)},
)
@extend_schema(
    methods=["POST"],
    operation_id="redemption_reserve",
    summary="Reserve goods for a household's points",
    request=ReserveSerializer,
    responses={201: RedemptionSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_SHOP)
def collection(request: Request) -> HttpResponseBase:
    """List, or hold points and goods; 409 names "balance" or "stock" in `fields` when there is not enough of it."""
    return _reserve(request) if request.method == "POST" else _list(request)


def _reserve(request: Request) -> HttpResponseBase:
    given = sent(ReserveSerializer, request)
    by = caller(request)
    household = household_in_scope(by, given.pop("household"))
    item = Item.objects.within(by.scope).select_related("shop").filter(pk=given.pop("item")).first()
    if item is None:
        raise Http404
    redemption = redemptions.reserve(household=household, item=item, by=by, **given)
    return Response(_redemption(redemption), status=201)


def _list(request: Request) -> HttpResponseBase:
    found = Redemption.objects.within(caller(request).scope).select_related("item").order_by("-id")
    if (household := asked_number(request, "household")) is not None:
        found = found.filter(household=str(household))
    if state := asked_choice(request, "state", REDEMPTION_STATES, "没有这种兑换状态。"):
        found = found.filter(state=state)
    if (before := asked_number(request, "before")) is not None:
        found = found.filter(pk__lt=before)
    shown, following = first_page(found)
    return Response({"results": [_redemption(one) for one in shown], "next": following})


@extend_schema(
    operation_id="redemption_hand_over",
    summary="Hand the reserved goods over",
    request=HandOverSerializer,
    responses={200: RedemptionSerializer, **errors(*WRITING, 429)},
)
@endpoint("POST", permission=Permission.RUN_SHOP)
def hand_over(request: Request, redemption: int) -> HttpResponseBase:
    """Proven by the PIN of the household's plate or by a signature. At the counter only on opening days."""
    found, given = _in_scope(request, redemption), sent(HandOverSerializer, request)
    given["to_home"] = given.pop("delivered_to_home")
    return Response(_redemption(redemptions.hand_over(redemption=found, by=caller(request), **given)))


@extend_schema(
    operation_id="redemption_void",
    summary="Give a reservation up",
    request=ReasonSerializer,
    responses={200: RedemptionSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RUN_SHOP)
def void(request: Request, redemption: int) -> HttpResponseBase:
    """Goods and points are free again."""
    found, given = _in_scope(request, redemption), sent(ReasonSerializer, request)
    return Response(_redemption(redemptions.void(redemption=found, by=caller(request), **given)))


@extend_schema(
    operation_id="redemption_reverse",
    summary="Take goods back that were handed over",
    request=ReasonSerializer,
    responses={200: RedemptionSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RUN_SHOP)
def reverse(request: Request, redemption: int) -> HttpResponseBase:
    """The goods return to the shelf and the points to the household; the supervisor sees it in the reconciliation."""
    found, given = _in_scope(request, redemption), sent(ReasonSerializer, request)
    return Response(_redemption(redemptions.reverse(redemption=found, by=caller(request), **given)))


@extend_schema(
    operation_id="redemption_offline",
    summary="Record what a counter without connection gave out",
    request=OfflineSerializer,
    responses={200: OfflineAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RUN_SHOP)
def offline(request: Request) -> HttpResponseBase:
    """Recorded in order, each answered by itself, even when points, stock or limits did not suffice: that is flagged."""
    given, by = sent(OfflineSerializer, request), caller(request)
    done = record_offline(shop=_own_shop(by), ops=[_offline_op(op) for op in given["ops"]], by=by)
    results = [
        {
            "op_id": str(outcome.op_id),
            "status": outcome.status,
            "reason": outcome.reason,
            "redemption": outcome.redemption,
            "flags": list(outcome.flags),
        }
        for outcome in done
    ]
    return Response({"results": results})


def _offline_op(given: dict[str, Any]) -> OfflineOp:
    return OfflineOp(to_home=given.pop("delivered_to_home"), **given)


def _own_shop(by: User) -> Shop:
    found = Shop.objects.within(by.scope).first()
    if found is None:
        raise Refused("no_shop", "本村还没有开办积分超市。", hint="请先在超市设置里开办。")
    return found


def _in_scope(request: Request, number: int) -> Redemption:
    found = Redemption.objects.whole().within(caller(request).scope).filter(pk=number).first()
    if not isinstance(found, Redemption):
        raise Http404
    return found


def _shop(found: Shop) -> dict[str, Any]:
    today = timezone.localdate()
    following = opening.next_open_day(today, found.weekdays, found.dates) if found.is_open else None
    return {
        "village": found.pk,
        "is_open": found.is_open,
        "open_today": found.is_open and opening.is_open_on(today, found.weekdays, found.dates),
        "next_open_day": following.isoformat() if following else None,
        "household_month_points": found.household_month_points,
        "offline_points": found.offline_points,
        "offline_household_points": found.offline_household_points,
        "items": [_item(item) for item in Item.objects.offered().filter(shop=found)],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.pk,
        "name": item.name,
        "unit": item.unit,
        "points": item.points,
        "free": item.free,
        "household_month_limit": item.household_month_limit,
        "picture": item.picture_id or "",
    }


def _redemption(one: Redemption) -> dict[str, Any]:
    return {
        "id": one.pk,
        "op_id": str(one.op_id),
        "state": one.state,
        "household": one.household_id,
        "item": {"id": one.item_id, "name": one.item.name, "unit": one.item.unit},
        "quantity": one.quantity,
        "points": one.points,
        "month": one.month,
        "channel": one.channel,
        "reserved_at": moment(one.reserved_at),
        "expires_at": moment(one.expires_at),
        "handed_at": moment(one.handed_at),
        "proof": one.proof,
        "by_proxy": bool(one.collected_by),
        "delivered_to_home": one.delivered_to_home,
        "ended_at": moment(one.ended_at),
        "reason": one.reason,
        "flags": one.flags,
    }
