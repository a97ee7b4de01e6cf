"""The sheet in a real browser: getting in, and finding one's way on it."""

from django.conf import settings
from playwright.sync_api import expect

from households.models import User
from tests.world import MONTH, World

FOCUSED = """([words, whole]) => {
  const node = document.activeElement;
  const name = node.getAttribute("aria-label") || node.id;
  return whole ? name === words : name.startsWith(words);
}"""


def enter(page: object, world: World, who: User | str, path: str = f"/village/sheet/{MONTH}/") -> None:
    """Open the sheet as this person, and wait until it is there and stored: then its worker no longer comes between."""
    come(page, world, who, path)
    page.wait_for_selector("#sheet-list .sheet-group", state="attached")
    page.wait_for_selector("#sheet[data-stored=yes]")


def come(
    page: object, world: World, who: User | str, path: str = f"/village/sheet/{MONTH}/", *, until: str = "load"
) -> None:
    """Open the page with the session of this person."""
    session = world.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.add_cookies([cookie])
    page.goto(path, wait_until=until)


def lamp(page: object, code: str, zero: str) -> object:
    """The lamp in the list that is shown."""
    return page.locator(f'.sheet-row[data-code="{code}"] [data-zero={zero}]:visible')


def open_lamp(page: object, code: str, zero: str) -> None:
    lamp(page, code, zero).click()
    page.wait_for_selector("#entry[open]")


def choose(page: object, words: str) -> None:
    page.locator("#entry .sheet-clause", has_text=words).click()


def save(page: object) -> None:
    page.click("#entry-save")


def record(page: object, code: str, zero: str, words: str) -> None:
    """One exception, waiting until the dialog has closed."""
    open_lamp(page, code, zero)
    choose(page, words)
    save(page)
    page.wait_for_selector("#entry:not([open])", state="attached")


def said(page: object, node: str) -> str:
    return page.locator(node).inner_text()


def reads(page: object, node: str, words: str) -> None:
    """Wait until the node's text is this."""
    expect(page.locator(node)).to_have_text(words, use_inner_text=True, timeout=15_000)


def has_focus(page: object, words: str, *, whole: bool = True) -> None:
    """Wait until the focus is on what has this label or id, or one that begins so: it moves after a dialog has closed."""
    page.wait_for_function(FOCUSED, arg=[words, whole])
