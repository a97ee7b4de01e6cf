"""Nothing of a villager's or public page is lost on a narrow screen, or with letters twice as large, in real Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.models import Plate
from households.plates.actions.pins import used_before
from scoring.rollup.rollup import roll_up
from tests.addresses import View, all_views
from tests.samples import laid_out
from tests.world import MONTH

pytestmark = pytest.mark.browser

# What sticks out at the right, but for what scrolls by itself; figures that break; names set one sign a line. A table may
# scroll only under letters twice as large.
LOST = """
(large) => {
  const own = (box) => box.closest(".table-wrap, .visually-hidden, .skip-link, svg, select, details:not([open])");
  const boxes = [...document.querySelectorAll("body *")].filter((box) => !own(box));
  const out = boxes.filter((box) => box.getBoundingClientRect().right > window.innerWidth + 1);
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  const cut = boxes.filter((box) => box.matches("input.pin") && box.scrollWidth > box.clientWidth + 1);
  const sideways = [...document.querySelectorAll(".table-wrap")].filter((box) => !large && box.scrollWidth > box.clientWidth + 1);
  const names = [...document.querySelectorAll("tbody th, tbody th *, .lines span, .brand, header.site a, header.site button")];
  const thin = names.filter((box) => box.textContent.trim().length > 2 && box.getBoundingClientRect().width > 0)
    .filter((box) => box.getBoundingClientRect().width < 2.2 * parseFloat(getComputedStyle(box).fontSize));
  const broken = [...document.querySelectorAll(".big b")].filter((box) => box.getClientRects().length > 1);
  return [...(wide && !out.length ? ["page"] : []), ...out.slice(0, 3), ...cut, ...sideways, ...broken, ...thin.slice(0, 2)]
    .map((box) => box.outerHTML ? box.outerHTML.slice(0, 80) : box);
}
"""


def pages() -> list[View]:
    """Every page that somebody without an account may open by its address."""
    return [view for view in all_views() if view.audience and view.audience.public and not view.is_api]


@pytest.fixture
def samples(transactional_db: None) -> dict[str, str]:
    """Something of everything; the household has set its PIN, and its petition is its own."""
    samples = laid_out()
    roll_up(MONTH)
    plate = Plate.objects.get(token=samples["token"])
    return samples | {"pin": used_before(plate=plate)}


@pytest.mark.parametrize(("width", "letters"), [(320, 100), (360, 100), (360, 200)])
def test_no_page_is_wider_than_its_screen(
    samples: dict[str, str], browser_page: Callable, artefacts: Path, width: int, letters: int
) -> None:
    page = browser_page(width)
    page.goto(reverse("plate", args=[samples["token"]]))
    lost = measured(page, "plate-door", letters)
    page.fill("#pin", samples["pin"].replace("", " "))
    page.click("main form button")
    page.wait_for_selector(".household-nav")
    for view in pages():
        answer = page.request.get(view.url(samples), max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(view.url(samples))
        lost += measured(page, view.name, letters)
        page.screenshot(path=artefacts / f"narrow-{view.name}-{width}-{letters}.jpg", full_page=True)
    assert not lost, "\n".join(lost)


def measured(page: object, name: str, letters: int) -> list[str]:
    """What is lost on the page as it stands, with letters of this size in percent."""
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{1.125 * letters}%")
    return [f"{name}: {box}" for box in page.evaluate(LOST, letters > 100)]
