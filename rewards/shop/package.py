"""What the counter of a shop must know to hand out goods, also when the line is dead: households, prices, points as of a time.

Names are masked and plates are told by digests, so a lost phone tells little: `digest_of` a scanned token finds the household,
and nothing leads back from the digest to the token (128 random bits).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from households.codes import code_range
from households.masks import mask_name
from households.models import Household, Plate, User
from households.months import month_of
from households.register.reads import name_for
from households.scope import lies_in
from households.sql import rows
from rewards.models import Item, Redemption, Shop
from rewards.shop.opening import is_open_on
from rewards.shop.shelf import opening_words, pick_up_until
from scoring.ledger.owners import PENDING, first_pending_month
from scoring.models import OwnerKind

DIGEST_LENGTH = 16  # hexadecimal; 64 bits tell a village's plates apart
_FREE = f"""
    SELECT a.owner, a.balance - a.held - {PENDING.format(of="a")}::bigint
    FROM scoring_account a
    WHERE a.owner_kind = %(kind)s AND a.owner >= %(low)s AND a.owner < %(high)s
"""
Part = dict[str, Any]


def digest_of(token: str) -> str:
    """What stands for a plate's token on the phone; static/js/rewards/shop/counter_hash.js computes the same."""
    return hashlib.sha256(token.encode()).hexdigest()[:DIGEST_LENGTH]


def package(shop: Shop, now: datetime) -> Part:
    """Everything about a village's counter, names masked. Seven queries, however many households."""
    return _package(shop, now, shop.pk, None)


def one_household(shop: Shop, now: datetime, household: str, reader: User) -> Part:
    """The same about one household, fresh, with the name as the reader may see it."""
    return _package(shop, now, household, reader)


def _package(shop: Shop, now: datetime, within: str, reader: User | None) -> Part:
    today = timezone.localdate(now)
    return {
        "village": {"code": shop.pk, "name": shop.village.name},
        "as_of": now.isoformat(),
        "open": shop.is_open and is_open_on(today, shop.weekdays, shop.dates),
        "opening": opening_words(shop, today),
        "most_points": shop.offline_points,
        "most_household_points": shop.offline_household_points,
        "items": [_item(item) for item in Item.objects.offered().filter(shop=shop).order_by("points", "name")],
        "households": _households(shop, now, within, reader),
    }


def _item(item: Item) -> Part:
    return {
        "id": item.pk,
        "name": item.name,
        "unit": item.unit,
        "points": item.points,
        "free": item.free,
        "limit": item.household_month_limit,
        "picture": item.picture_id or "",
    }


def _households(shop: Shop, now: datetime, within: str, reader: User | None) -> list[Part]:
    active = Household.objects.filter(lies_in(within)).active(timezone.localdate(now))
    households = active.select_related("group").order_by("code")
    plates = Plate.objects.filter(lies_in(within, "household"), revoked_at=None)
    digests = {code: digest_of(token) for code, token in plates.values_list("household", "token")}
    free = free_points(within)
    reserved, taken = _reserved(within), _taken(within, month_of(timezone.localdate(now)))
    return [
        {
            "code": household.code,
            "name": name_for(household, reader) if reader else mask_name(household.head_name),
            "initials": household.initials,
            "group": household.group.name,
            "plate": digests.get(household.code, ""),
            "free": free.get(household.code, 0),
            "reserved": reserved.get(household.code, []),
            "taken": taken.get(household.code, {}),
        }
        for household in households
    ]


def free_points(place: str) -> dict[str, int]:
    """Points that each household of a place can spend today; households without an account are missing."""
    about = {"kind": OwnerKind.HOUSEHOLD, **code_range(place)._asdict()}
    pending_from = first_pending_month(timezone.localdate(), place)
    return {owner: int(free) for owner, free in rows(_FREE, about | {"pending_from": pending_from})}


def _reserved(place: str) -> dict[str, list[Part]]:
    open_ones = Redemption.objects.reserved().filter(lies_in(place, "household"))
    return _by_household((row.household_id, _waiting(row)) for row in open_ones.select_related("item").order_by("id"))


def _waiting(redemption: Redemption) -> Part:
    return {
        "id": redemption.pk,
        "item": redemption.item_id,
        "name": redemption.item.name,
        "unit": redemption.item.unit,
        "quantity": redemption.quantity,
        "points": redemption.points,
        "until": pick_up_until(redemption).isoformat(),
    }


def _by_household(pairs: Iterable[tuple[str, Part]]) -> dict[str, list[Part]]:
    grouped: dict[str, list[Part]] = defaultdict(list)
    for code, part in pairs:
        grouped[code].append(part)
    return grouped


def _taken(place: str, month: str) -> dict[str, dict[int, int]]:
    """How many of each limited item a household has had this month."""
    counted = Redemption.objects.counted().filter(lies_in(place, "household"), month=month)
    limited = counted.filter(item__household_month_limit__isnull=False).order_by()
    taken: dict[str, dict[int, int]] = defaultdict(dict)
    for code, item, quantity in limited.values_list("household", "item").annotate(Sum("quantity")):
        taken[code][item] = quantity
    return taken
