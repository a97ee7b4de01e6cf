"""What the first opening of a sheet costs on the line, counted by the browser."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.scoring.sheets.big_village import big_village
from tests.scoring.sheets.sheet_browser import come
from tests.scoring.sheets.weighing import Scales, cadre_of_big
from tests.world import MONTH, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLD = 60 * 1024  # bytes as sent, heads of the answers with them (issue 14): as over https, where browsers take brotli
ANSWERS = 6  # each waits for a way there and back


def test_first_opening_of_the_largest_sheet_weighs_little(world: World, browser_page: Callable[..., Any]) -> None:
    big_village()
    page = browser_page(360)
    scales = Scales(page)
    come(page, world, cadre_of_big(), f"/village/sheet/{MONTH}/")
    weights = scales.weights()
    assert len(weights) <= ANSWERS and min(weights.values()) > 0, weights
    assert sum(weights.values()) <= COLD, weights
