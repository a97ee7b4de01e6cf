"""The browser fixture itself: a real Chromium on the real site, and complaints that are not overlooked."""

import pytest

from tests.conftest import complaints


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_opens_at_its_width_without_complaint(browser_page, artefacts, width):
    page = browser_page(width)
    assert page.goto("/rules/").status in (200, 404)
    assert page.evaluate("window.innerWidth") == width
    page.screenshot(path=artefacts / f"setup-{width}.jpg")
    assert complaints(page) == []


def test_a_refused_inline_script_is_a_complaint(browser_page):
    page = browser_page(360)
    page.goto("/healthz")
    page.goto("/rules/")
    with page.expect_console_message(lambda line: "Content Security Policy" in line.text):
        page.evaluate("document.head.appendChild(Object.assign(document.createElement('script'), {text: '1 + 1'}))")
    assert any("Content Security Policy" in text for text in complaints(page))
    complaints(page).clear()


def test_a_failing_script_is_a_complaint(browser_page):
    page = browser_page(360)
    page.goto("/rules/")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    assert any("broken" in text for text in complaints(page))
    complaints(page).clear()
