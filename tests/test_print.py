"""Paper: a list is printed whole, whatever part of it the screen shows."""

from collections.abc import Callable

import pytest

from dongkou.layout import BASE_DIR

pytestmark = pytest.mark.browser
ROWS = "".join(f"<tr><th>{number}</th><td>云峰村</td></tr>" for number in range(364))
PAGE = (
    '<div class="table-scroll table-scroll-tall"><table class="table"><thead><tr><th>名次</th><th>村</th></tr></thead>'
    f"<tbody>{ROWS}</tbody></table></div>"
)
HIDDEN = "(box) => box.scrollHeight - box.clientHeight"


def test_tall_table_is_printed_whole_with_its_head_on_every_page(browser_page: Callable) -> None:
    page = browser_page(1280)
    page.set_content(PAGE)
    for sheet in ("tokens.css", "staff.css"):
        page.add_style_tag(path=BASE_DIR / "static/css" / sheet)
    box = page.locator(".table-scroll-tall")
    assert box.evaluate(HIDDEN) > 1000
    page.emulate_media(media="print")
    assert box.evaluate(HIDDEN) <= 0
    assert page.locator("thead").evaluate("(head) => getComputedStyle(head).display") == "table-header-group"
    assert page.locator("thead th").first.evaluate("(cell) => getComputedStyle(cell).position") == "static"
