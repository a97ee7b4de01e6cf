"""A counter in a browser, driven the way a cadre's thumb does it."""

from django.urls import reverse

from households.roles import Role
from tests.browsing import enter
from tests.rewards.shop_world import ShopWorld
from tests.world import VILLAGE

READY = "#counter[data-stored=yes]"


class Counter:
    """One phone with the counter open, everything stored for the time without a line."""

    def __init__(self, page: object, shop: ShopWorld, household: str = "") -> None:
        self.page, self.shop = page, shop
        enter(page, shop.world, Role.CADRE)
        self.open(household)
        page.wait_for_selector(READY)

    def open(self, household: str = "") -> None:
        query = f"?household={household}" if household else ""
        self.page.goto(reverse("shop-counter", args=[VILLAGE]) + query)
        self.page.wait_for_selector("#counter[data-ready]")

    def offline(self, off: bool = True) -> None:
        self.page.context.set_offline(off)
        self.page.wait_for_selector("#state .mark-off" if off else "#state .mark-on")

    def find(self, words: str) -> None:
        self.page.fill("#words", words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#basket:not([hidden])")

    def add(self, item: object, times: int = 1) -> None:
        for _ in range(times):
            self.page.click(f"[data-step=more-{item.pk}]")

    def sign(self) -> None:
        self.page.locator("label:has(#way-sign)").click()
        pad = self.page.locator("#pad")
        pad.scroll_into_view_if_needed()
        box, mouse = pad.bounding_box(), self.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 80)
        mouse.down()
        for x, y in ((70, 30), (120, 110), (180, 40), (240, 90)):
            mouse.move(box["x"] + x, box["y"] + y, steps=3)
        mouse.up()

    def give(self, *, done: bool = True) -> str:
        """Press 发放; the words of the result, or of the trouble."""
        self.page.click("#give")
        where = "#done" if done else "#trouble"
        self.page.wait_for_selector(f"{where}:not([hidden])")
        return self.page.inner_text(where)

    def lines(self) -> list[str]:
        """The states in the list of what this phone did."""
        return self.page.locator("#log .mark").all_inner_texts()

    def wait_for(self, state: str, number: int = 1) -> None:
        """Until so many lines are in this state: stored, sent or trouble."""
        self.page.wait_for_function(
            "([state, number]) => document.querySelectorAll(`#log [data-state=${state}]`).length === number",
            arg=[state, number],
        )
