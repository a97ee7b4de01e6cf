"""People of a journey in Chromium: filers on their telephones, staff at their desks. Every page they meet keeps to the rules."""

from pathlib import Path
from typing import Any

from households.models import User
from tests.browsing import enter, faults
from tests.world import VILLAGE, World


class Person:
    """One browser. `look` keeps a picture and holds the page to the rules of accessibility."""

    def __init__(self, page: Any, artefacts: Path, journey: str) -> None:
        self.page, self.artefacts, self.journey = page, artefacts, journey

    def look(self, name: str) -> None:
        self.page.screenshot(path=self.artefacts / f"journey-{self.journey}-{name}.jpg", full_page=True)
        found = faults(self.page)
        assert not found, found

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def press(self, button: str) -> None:
        """Press a button that leads to another page, or to this one anew."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()


class Phone(Person):
    """A villager's."""

    def file(self, title: str, text: str, **fields: str) -> tuple[str, str]:
        """Fill and send the form that is open; number and code off the receipt."""
        self.page.get_by_label("一句话说是什么事").fill(title)
        self.page.get_by_label("详细情况").fill(text)
        self.page.get_by_label("事情在哪里").select_option(VILLAGE)
        for label, words in fields.items():
            self.page.get_by_label(label).fill(words)
        self.press("提交")
        return self.page.inner_text("dd.number"), self.page.inner_text("dd.code").replace(" ", "")

    def follow(self, number: str, code: str) -> None:
        """Number and code at the door."""
        self.page.context.clear_cookies()
        self.page.goto("/petitions/follow/")
        self.page.get_by_label("编号").fill(number)
        self.page.get_by_label("查询码").fill(code)
        self.press("查看")

    def steps(self) -> list[str]:
        """What the page says was done, oldest first."""
        lines = self.page.locator("section:has(#steps) .steps > li > b").all_inner_texts()
        return [str(line) for line in reversed(lines)]


class Desktop(Person):
    """Somebody's at work."""

    def __init__(self, page: Any, artefacts: Path, journey: str, world: World, user: User) -> None:
        super().__init__(page, artefacts, journey)
        enter(page, world, user)

    def find(self, title: str) -> None:
        """Open a petition from the list."""
        self.page.goto("/petitions/")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=title, exact=True).first.click()

    def do(self, act: str, **fields: str) -> None:
        """One of the steps at the side of the page, its form filled by the names of the fields."""
        part = self.page.locator(f"details.act:has(form[action$='/{act}/'])")
        if part.get_attribute("open") is None:
            part.locator("summary").first.click()
        for name, words in fields.items():
            field = part.locator(f"[name={name}]")
            chosen = field.evaluate("node => node.tagName") == "SELECT"
            field.select_option(words) if chosen else field.fill(words)
        with self.page.expect_navigation():
            part.locator("form > button").click()
        refused = self.page.locator(".notice-error").all_inner_texts()
        assert not refused, refused
