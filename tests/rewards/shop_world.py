"""The small world with a shop in 东山村, built through the doors: open every day, soap on the shelf, points to spend.

洗衣液 20 points, 10 bottles at 8.50 yuan; 大米 30 points, 4 bags. 张三丰's household has 100 points, 李四光's 15.
"""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from households.models import Household, User
from households.roles import Role
from rewards.models import Item, Redemption, Shop
from rewards.shop.actions import catalogue, redemptions, stock
from rewards.shop.actions.catalogue import Goods, ShopTerms
from rewards.shop.actions.redemptions_offline import OfflineOp, OfflineOutcome, record_offline
from scoring.ledger import door as ledger
from tests import copies
from tests.plates import own_plate
from tests.world import World

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
RICH, POOR = 100, 15


def signature() -> bytes:
    """A PNG as a screen sends it, with a stroke on it."""
    picture = Image.new("RGB", (300, 150), "white")
    ImageDraw.Draw(picture).line([(20, 120), (150, 20), (280, 120)], fill="black", width=5)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


SIGNATURE = signature()


def give(household: Household, points: int) -> None:
    with transaction.atomic():
        ledger.adjust(ledger.household(household.code), points, key=f"gift:{uuid4().hex}", text="试用积分")


def standing(household: Household) -> tuple[int, int, int]:
    """Balance, held, owed."""
    now = ledger.state_of(ledger.household(household.code))
    return now.balance, now.held, now.owed


@dataclass
class ShopWorld:
    """The shop, its items, and each step of a redemption in its shortest form."""

    world: World
    shop: Shop
    soap: Item
    rice: Item

    @property
    def rich(self) -> Household:
        return self.world.households[0]

    @property
    def poor(self) -> Household:
        return self.world.households[1]

    @property
    def cadre(self) -> User:
        return self.world.user(Role.CADRE)

    @property
    def supervisor(self) -> User:
        return self.world.user(Role.SUPERVISOR)

    def reserve(
        self,
        household: Household | None = None,
        item: Item | None = None,
        quantity: int = 1,
        *,
        by: User | None = None,
        op_id: UUID | None = None,
    ) -> Redemption:
        return redemptions.reserve(
            op_id=op_id or uuid4(),
            household=household or self.rich,
            item=item or self.soap,
            quantity=quantity,
            by=by,
        )

    def hand_over(self, redemption: Redemption, **how: object) -> Redemption:
        proof = {} if how.keys() & {"pin", "signature"} else {"signature": SIGNATURE}
        return redemptions.hand_over(**{"op_id": uuid4(), "redemption": redemption, "by": self.cadre, **proof, **how})

    def void(self, redemption: Redemption, **how: object) -> Redemption:
        given = {"op_id": uuid4(), "redemption": redemption, "reason": "不要了", "by": self.cadre}
        return redemptions.void(**given | how)

    def reverse(self, redemption: Redemption, **how: object) -> Redemption:
        given = {"op_id": uuid4(), "redemption": redemption, "reason": "瓶子漏了", "by": self.cadre}
        return redemptions.reverse(**given | how)

    def offline(self, *ops: OfflineOp) -> list[OfflineOutcome]:
        return record_offline(shop=self.shop, ops=ops, by=self.cadre)

    def offline_op(self, quantity: int = 1, *, household: Household | None = None, **more: object) -> OfflineOp:
        given = {"op_id": uuid4(), "handed_at": timezone.now() - timedelta(minutes=1), "quantity": quantity}
        given |= {"household": (household or self.rich).code, "item": self.soap.pk, "signature": SIGNATURE}
        return OfflineOp(**given | more)

    def buy(self, item: Item, quantity: int, fen: int = 850, **more: object) -> None:
        given = {"op_id": uuid4(), "supplier": "县供销社", "voucher_no": "GX-001", "by": self.cadre}
        stock.purchase(**given | {"item": item, "quantity": quantity, "unit_cost_fen": fen} | more)

    def settle(self, **terms: object) -> None:
        """Change settings; those not named are: open every day."""
        given = ShopTerms(**{"weekdays": EVERY_DAY, **terms})
        self.shop = catalogue.settle_shop(village=self.world.village, terms=given, by=self.cadre)

    def soap_is(self) -> tuple[int, int]:
        """On hand and reserved."""
        return Item.objects.values_list("on_hand", "reserved").get(pk=self.soap.pk)

    def pin(self) -> str:
        """A plate for the rich household; its PIN."""
        return own_plate(self.rich)[1]


def build_shop(world: World) -> ShopWorld:
    cadre = world.user(Role.CADRE)
    shop = catalogue.settle_shop(village=world.village, terms=ShopTerms(weekdays=EVERY_DAY), by=cadre)
    soap = catalogue.add_item(shop=shop, goods=Goods(name="洗衣液", unit="瓶", points=20, low_stock=2), by=cadre)
    rice = catalogue.add_item(shop=shop, goods=Goods(name="大米", unit="袋", points=30), by=cadre)
    built = ShopWorld(world, shop, soap, rice)
    built.buy(soap, 10)
    built.buy(rice, 4, 2500)
    soap.refresh_from_db()
    rice.refresh_from_db()
    give(built.rich, RICH)
    give(built.poor, POOR)
    return built


def shop_once(world: World) -> ShopWorld:
    """As `build_shop`; in a world in which nothing has happened yet it is done once in a session, then put back."""

    def made() -> tuple[int, int]:
        built = build_shop(world)
        return built.soap.pk, built.rice.pk

    soap, rice = copies.once("shop", made)
    return ShopWorld(world, Shop.objects.get(), *(Item.objects.get(pk=item) for item in (soap, rice)))
