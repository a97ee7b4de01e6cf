"""Paper: a list is printed whole, whatever part of it the screen shows, and no slip is cut by the end of a page."""

from collections.abc import Callable

import pypdfium2
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


@pytest.mark.parametrize(
    ("sheet", "around", "slip", "columns"),
    [
        ("households/sms.css", "message-slips", "", 2),
        ("households/plates.css", "slips", "slip", 3),
        ("households/plates.css", "pins", "pin-slip", 2),
        ("rewards/projects.css", "slips", "slip", 2),
    ],
)
def test_slips_are_printed_beside_each_other_and_whole(
    browser_page: Callable, sheet: str, around: str, slip: str, columns: int
) -> None:
    """Not in a grid: Chromium cuts what stands in one up to 2022, and is told nothing else by `break-inside`."""
    page = browser_page(719)  # what A4 leaves between its margins
    slips = "".join(f'<li class="{slip}"><p>头{number}</p><p>尾{number}</p></li>' for number in range(40))
    page.set_content(f'<main id="content"><ol class="{around}">{slips}</ol></main>')
    page.add_style_tag(content="* { box-sizing: border-box; margin: 0; }")  # as the frame of staff pages has it
    for name in ("tokens.css", "staff.css", sheet):
        page.add_style_tag(path=BASE_DIR / "static/css" / name)
    page.emulate_media(media="print")
    box = page.locator(f".{around}")
    assert box.evaluate("(list) => getComputedStyle(list).display") == "block"
    lefts = box.evaluate("(list) => [...list.children].map((slip) => Math.round(slip.getBoundingClientRect().left))")
    assert len(set(lefts)) == columns
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as document:
        pages = [page.get_textpage().get_text_range().split() for page in document]
    assert len(pages) > 1
    assert all((f"头{number}" in told) == (f"尾{number}" in told) for number in range(40) for told in pages)
