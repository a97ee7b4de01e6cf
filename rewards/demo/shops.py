"""The demo's 积分超市: one in every village, and in those with people of their own what a month at the counter brings."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from django.utils import timezone
from PIL import Image, ImageDraw

from households.models import Division, Household, Plate, User
from households.plates.actions.pins import renew_pin, used_before
from households.scope import lies_in
from rewards.demo.wares import EVERYWHERE, WARES, Ware
from rewards.models import Item, Picture, Redemption, Shop
from rewards.pictures.pictures import keep
from rewards.shop.actions.catalogue import Goods, ShopTerms, add_item, settle_shop
from rewards.shop.actions.redemptions import hand_over, reserve, reverse, void
from rewards.shop.actions.redemptions_offline import OfflineOp, record_offline
from rewards.shop.actions.stock import purchase
from rewards.shop.actions.stocktakes import Count, enter_counts, open_stocktake, sign_stocktake, witness_stocktake
from scoring.ledger import door as ledger

SUPPLIERS = ("洞口县供销社", "高沙镇便民批发部", "县日用百货公司")
EVERY_DAY = range(1, 8)
CUSTOMERS = 14  # households of a shown village that come to its shop
PROXY = ("李小妹", "女儿")


def op_id(rng: Random) -> UUID:
    """The id of a request, the same for the same seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def pictures() -> dict[str, Picture]:
    """The picture of each ware, shared by all shops."""
    return {ware.name: keep(ware.picture(), by=None) for ware in WARES}


def open_shop(
    village: Division, wares: Sequence[Ware], drawn: Mapping[str, Picture], rng: Random, *, by: User | None
) -> Shop:
    """The shop with its goods and the first purchase of each. A shop with a cadre in the demo is open every day."""
    weekdays = EVERY_DAY if by is not None else sorted(rng.sample(EVERY_DAY, 2))
    shop = settle_shop(village=village, terms=ShopTerms(weekdays=list(weekdays), household_month_points=60), by=by)
    supplier, voucher = rng.choice(SUPPLIERS), f"票{rng.randrange(10**6):06d}"
    for ware in wares:
        goods = Goods(
            ware.name,
            ware.unit,
            ware.points,
            description=ware.description,
            picture=drawn[ware.name],
            household_month_limit=ware.limit,
            low_stock=ware.low_stock,
        )
        item = add_item(shop=shop, goods=goods, by=by)
        purchase(
            op_id=op_id(rng),
            item=item,
            quantity=rng.randint(*ware.bought),
            unit_cost_fen=ware.cost_fen,
            supplier=supplier,
            voucher_no=voucher,
            by=by,
        )
    return shop


def open_shops(villages: Mapping[str, Division], cadres: Mapping[str, User], rng: Random) -> int:
    """One in every village; returns how many."""
    drawn = pictures()
    for code, village in villages.items():
        open_shop(village, WARES if code in cadres else EVERYWHERE, drawn, rng, by=cadres.get(code))
    return len(villages)


@dataclass
class DemoCounter:
    """One shown village's shop, its cadre, and the chance of what happens there."""

    shop: Shop
    cadre: User
    rng: Random

    def open_for_business(self) -> int:
        """Reservations, hand-overs of every kind, one given up, one brought back; returns how many came."""
        waiting = [self.reserve(household, number) for number, household in enumerate(self.customers())]
        *given, fetched, given_up = waiting
        for number, redemption in enumerate(given[:-2]):
            self.give(redemption, number)
        back = given[0]
        reverse(op_id=op_id(self.rng), redemption=back, reason="包装破了，退回一件", by=self.cadre)
        void(op_id=op_id(self.rng), redemption=given_up, reason="这个月不换了", by=self.cadre)
        self.without_connection(fetched.household)
        return len(given)

    def customers(self) -> list[Household]:
        """Households with points to spend, spread over the village; the first ones are left for visitors to try."""
        households = list(Household.objects.filter(lies_in(self.shop.pk), valid_to=None).order_by("code"))
        able = [one for one in households[3:] if ledger.state_of(ledger.household(one.code)).free >= 10]
        return self.rng.sample(able, min(CUSTOMERS, len(able)))

    def reserve(self, household: Household, number: int) -> Redemption:
        """One thing that the household can pay; every other one by its own page."""
        free = ledger.state_of(ledger.household(household.code)).free
        items = [item for item in Item.objects.offered().filter(shop=self.shop) if item.points <= free]
        by = self.cadre if number % 2 else None
        item = self.rng.choice(items)
        return reserve(op_id=op_id(self.rng), household=household, item=item, quantity=1, by=by)

    def give(self, redemption: Redemption, number: int) -> None:
        """Hand it out against a signature: mostly to the household, now and then to a proxy or at the door."""
        name, relation = PROXY if number == 2 else ("", "")
        hand_over(
            op_id=op_id(self.rng),
            redemption=redemption,
            signature=scribble(self.rng),
            collected_by=name,
            relation=relation,
            to_home=number == 4,
            by=self.cadre,
        )

    def without_connection(self, household: Household) -> None:
        """One hand-over of yesterday evening that was recorded when the connection was back."""
        item = Item.objects.offered().filter(shop=self.shop).order_by("points")[0]
        op = OfflineOp(
            op_id=op_id(self.rng),
            handed_at=timezone.now() - timedelta(hours=14),
            household=household.code,
            item=item.pk,
            quantity=2,
            signature=scribble(self.rng),
        )
        record_offline(shop=self.shop, ops=[op], by=self.cadre)

    def with_new_pins(self) -> int:
        """Two households that were just given a new PIN: one fetches goods with it from who gave it, one reserves at home."""
        plates = Plate.objects.filter(household__in=self.customers(), revoked_at=None).order_by("household")[:2]
        for number, plate in enumerate(plates):
            renew_pin(plate=plate, by=self.cadre)
            plate.refresh_from_db()
            pin, reserved = used_before(plate=plate), self.reserve(plate.household, 0)
            if number == 0:
                hand_over(op_id=op_id(self.rng), redemption=reserved, pin=pin, by=self.cadre)
        return len(plates)

    def count(self, supervisor: User) -> None:
        """A stocktake with one thing missing, signed by the cadre and by the supervisor."""
        stocktake = open_stocktake(shop=self.shop, by=self.cadre)
        items = list(Item.objects.filter(shop=self.shop, retired_at=None).order_by("pk"))
        counts = {item.pk: Count(item.on_hand) for item in items}
        counts[items[0].pk] = Count(items[0].on_hand - 1, "受潮结块，已销毁一包")
        enter_counts(stocktake=stocktake, counts=counts, by=self.cadre)
        sign_stocktake(stocktake=stocktake, by=self.cadre)
        witness_stocktake(stocktake=stocktake, by=supervisor)


def scribble(rng: Random) -> bytes:
    """A signature as a finger draws it (PNG)."""
    image = Image.new("L", (400, 160), 255)
    x, points = 40, []
    while x < 360:
        points.append((x, rng.randint(40, 120)))
        x += rng.randint(8, 24)
    ImageDraw.Draw(image).line(points, fill=0, width=5, joint="curve")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
