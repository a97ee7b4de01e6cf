"""What comes out of the printer: plates and PINs on sheets of their own, whole, and legible for a telephone."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse

from households.files import qr
from households.models import Household
from households.plates import slips
from households.plates.actions.plates import issue_plates
from households.roles import Role
from tests.browsing import enter
from tests.world import VILLAGE, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 20  # more than fit one sheet, of plates as of PINs
DOTS = 200  # per inch, as a cheap printer has them
A4 = (210, 297)
MILLIMETRE = 72 / 25.4


@pytest.fixture
def world(live_site: str) -> World:
    world = build()
    more = [(f"{VILLAGE}020{number:03}", f"何{number}") for number in range(4, MANY - 4)]
    fresh = [Household(code=code, group_id=f"{VILLAGE}02", head_name=name) for code, name in more]
    world.households += Household.objects.bulk_create(fresh)
    return world


@pytest.fixture
def printed(world: World, browser_page: Callable, artefacts: Path) -> Callable[[str], pypdfium2.PdfDocument]:
    """Prints a page of the batch that the cadre has just issued."""
    cadre, page = world.user(Role.CADRE), browser_page(1280)
    issued = issue_plates(households=world.households, by=cadre)
    known = {household.code: household.group.name for household in world.households}
    world.slips = [
        slips.PlateSlip(plate.household_id, known[plate.household_id], plate.token, pin) for plate, pin in issued
    ]
    batch = slips.keep(world.slips, by=cadre)
    enter(page, world, cadre)

    def prints(name: str) -> pypdfium2.PdfDocument:
        page.goto(reverse(name, args=[batch]))
        file = artefacts / f"{name}.pdf"
        page.pdf(path=file, prefer_css_page_size=True, print_background=True)
        return pypdfium2.PdfDocument(file.read_bytes())

    return prints


def text_of(document: pypdfium2.PdfDocument) -> str:
    """Signs that share a shape with a radical may come back as the radical."""
    return unicodedata.normalize("NFKC", " ".join(sheet.get_textpage().get_text_range() for sheet in document))


def sizes(document: pypdfium2.PdfDocument) -> set[tuple[int, int]]:
    return {tuple(round(side / MILLIMETRE) for side in sheet.get_size()) for sheet in document}


def codes(document: pypdfium2.PdfDocument) -> list[zxingcpp.Barcode]:
    pictures = [sheet.render(scale=DOTS / 72).to_pil() for sheet in document]
    return [code for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def widths(found: list[zxingcpp.Barcode]) -> list[float]:
    """In millimetres, without the white around."""
    return [(code.position.top_right.x - code.position.top_left.x) / DOTS * 25.4 for code in found]


def test_plates_print_whole_without_a_pin(world: World, printed: Callable) -> None:
    document = printed("plate-slips-plates")
    found = codes(document)
    assert (sizes(document), len(document)) == ({A4}, 2)
    assert Counter(code.text for code in found) == Counter(qr.address(slip.token) for slip in world.slips)
    assert min(widths(found)) > 25
    assert not any(slip.pin in text_of(document) for slip in world.slips)


def test_pins_print_whole_without_a_plate(world: World, printed: Callable) -> None:
    document = printed("plate-slips")
    text = text_of(document)
    assert (sizes(document), len(document)) == ({A4}, 2)
    assert sorted(re.findall(r"(?<!\d)\d{6}(?!\d)", text)) == sorted(slip.pin for slip in world.slips)
    assert text.count("马上设一个自己的密码") == MANY
    assert codes(document) == [] and not any(slip.token in text for slip in world.slips)
    assert "清掉密码" not in text


def test_list_to_sign_names_every_household_and_no_pin(world: World, printed: Callable) -> None:
    document = printed("plate-slips-receipts")
    text = text_of(document)
    assert sizes(document) == {A4}
    assert all(household.head_name in text for household in world.households)
    assert "领取人签名" in text and codes(document) == []
    assert not any(slip.pin in text or slip.token in text for slip in world.slips)
