"""Nothing of a villager's or public page is lost on a narrow screen, or with letters twice as large, in real Chromium; what
village cadres use on their telephones is no wider than the screen then, either.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import Plate
from households.opening.actions import address_for
from households.plates.actions.pins import used_before
from households.roles import Role
from scoring.ledger.publishing import publish_roots
from scoring.objection_states import ObjectionState
from scoring.objections.reads import outcome_of
from scoring.rollup.rollup import roll_up
from scoring.states import AdjustmentState
from tests.addresses import View, all_views
from tests.browsing import enter
from tests.days import yesterday
from tests.petitions.desk import Desk
from tests.petitions.filers import papered
from tests.samples import laid_out
from tests.scoring.notices.posting import POSTED, post_now
from tests.world import COUNTY, MONTH, PASSWORD, VILLAGE, World, found

pytestmark = pytest.mark.browser

# What sticks out at the right, but for what scrolls by itself; figures that break or leave their card; names set one sign a
# line. A table may scroll only under letters twice as large.
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
  const broken = [...document.querySelectorAll(".big:not(.big-words) b")].filter((box) => box.getClientRects().length > 1);
  const edge = (box) => { const { right } = box.getBoundingClientRect(); return right - parseFloat(getComputedStyle(box).paddingRight); };
  const past = [...document.querySelectorAll(".card .big b")].filter((box) => edge(box) > edge(box.closest(".card")) + 1);
  return [...(wide && !out.length ? ["page"] : []), ...out.slice(0, 3), ...cut, ...sideways, ...broken, ...past, ...thin.slice(0, 2)]
    .map((box) => box.outerHTML ? box.outerHTML.slice(0, 80) : box);
}
"""


# Widths of screens, and sizes of letters in percent. A page is loaded once, on the first: that it turns out otherwise when it is loaded
# on another is said of charts alone, which are drawn anew when the screen changes.
LOOKS = ((320, 100), (360, 100), (360, 200))

# Files that the samples do not name, what answers a probe, and a province's (tests/dongkou/province/test_browser.py looks at that).
NO_PAGES = {"healthz", "picture", "own-copy", "oidc-go", "oidc-back", "oidc-left", "province", "province-month"} | {
    f"household-petition-{file}" for file in ("archive", "copy", "file", "letter")
}


def pages() -> list[View]:
    """Every page that somebody without an account may open by its address."""
    return [view for view in all_views() if view.audience and view.audience.public and not view.is_api]


@pytest.fixture
def samples(transactional_db: None) -> dict[str, str]:
    """Something of everything; the household has set its PIN."""
    samples = laid_out()
    post_now(found())
    roll_up(MONTH)
    plate = Plate.objects.get(token=samples["token"])
    return samples | {"pin": used_before(plate=plate)}


def of_today(world: World, token: str) -> dict[str, str]:
    """Pages that the samples, which lie in the past, do not open: {name: address}.

    A household reads only petitions from after it set its PIN, a notice hangs for some days, and so on.
    """
    petition = papered(Desk(world).answered(household=world.household, at=timezone.now()))
    person = {"username": "xinren", "display_name": "新来的", "role": Role.CADRE, "password": PASSWORD}
    new = create_user(place=world.village, by=None, **person)
    publish_roots(day=yesterday())
    return {
        "household-petition": reverse("household-petition", args=[token, petition.number]),
        "come-in": urlsplit(address_for(user=new)).path,
        "notice": reverse("notice", args=[VILLAGE, POSTED]),
        "household-objection-new": reverse("household-objection-new", args=[token, POSTED]),
        "ledger-day": reverse("ledger-day", args=[COUNTY, f"{yesterday():%Y-%m-%d}"]),
    }


def test_no_page_is_wider_than_its_screen(samples: dict[str, str], browser_page: Callable, artefacts: Path) -> None:
    page = browser_page(320)
    page.goto(reverse("plate", args=[samples["token"]]))
    lost = measured(page, "plate-door")
    page.fill("#pin", samples["pin"].replace("", " "))
    page.click("main form button")
    page.wait_for_selector(".household-nav")
    addresses = {view.name: view.url(samples) for view in pages()} | of_today(found(), samples["token"])
    unseen = set()
    for name, address in addresses.items():
        answer = page.request.get(address, max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            unseen |= {name} if answer.status not in (200, 302) else set()
            continue
        page.goto(address)
        lost += measured(page, name, artefacts)
    assert not lost, "\n".join(lost)
    assert unseen <= NO_PAGES


# One of each kind of what has been too wide: headings with months and buttons, tables, facts, long buttons, signing.
OF_CADRES = [
    "sheet",
    "record-one-clause",
    "rankings",
    "department-rankings",
    "why",
    "own-post",
    "sign-ins",
    "plate-handout",
    "plate-of",
    "contact-hand-over",
]


def test_pages_of_cadres_are_no_wider_than_a_telephone_with_large_letters(
    samples: dict[str, str], browser_page: Callable, artefacts: Path
) -> None:
    page = browser_page(360)
    enter(page, found(), Role.CADRE)
    views = {view.name: view for view in all_views()}
    wide = []
    for name in OF_CADRES:
        page.goto(views[name].url(samples))
        page.locator("h1").wait_for()
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        wide += [name] if page.evaluate("document.documentElement.scrollWidth > window.innerWidth") else []
        page.screenshot(path=artefacts / f"narrow-{name}-360-200.jpg", full_page=True)
    assert wide == []


def test_every_outcome_of_an_objection_stays_in_its_card(samples: dict[str, str], browser_page: Callable) -> None:
    page = browser_page(320)
    page.goto(reverse("plate", args=[samples["token"]]))
    page.fill("#pin", samples["pin"])
    page.click("main form button")
    page.wait_for_selector(".household-nav")
    page.goto(reverse("household-objection", args=[samples["token"], samples["objection"]]))
    lost = []
    for words in outcomes():
        page.locator(".big b").evaluate("(box, words) => { box.textContent = words; }", words)
        lost += measured(page, words)
    assert not lost


def outcomes() -> set[str]:
    """All that may be said of an objection in one phrase."""
    kinds = product(ObjectionState, ["", *AdjustmentState], [False, True])
    return {outcome_of(state, str(correction), by_county=by_county) for state, correction, by_county in kinds}


def measured(page: object, name: str, pictures: Path | None = None) -> list[str]:
    """What is lost on the page as it stands, on each of LOOKS; afterwards it is as wide as it was loaded."""
    lost = []
    for width, letters in LOOKS:
        page.set_viewport_size({"width": width, "height": 780})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{1.125 * letters}%")
        lost += [f"{name}, {width} px, {letters} %: {box}" for box in page.evaluate(LOST, letters > 100)]
        if pictures:
            page.screenshot(path=pictures / f"narrow-{name}-{width}-{letters}.jpg", full_page=True)
    page.set_viewport_size({"width": LOOKS[0][0], "height": 780})
    return lost
