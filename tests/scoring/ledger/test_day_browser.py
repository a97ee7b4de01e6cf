"""A day's list on a phone: its beginning first, all of it when asked for and on paper. The page of the day itself, with many lines."""

from collections.abc import Callable
from datetime import date

import pytest
from django.template.loader import render_to_string

from dongkou.layout import BASE_DIR
from scoring.models import DailyRoot

pytestmark = pytest.mark.browser
LINES = [{"name": f"{number}村", "above": "罗坪乡", "size": 3, "root": "ab" * 32} for number in range(40)]
SHOWN = "[...document.querySelectorAll('.ledger-lines tbody tr')].filter((row) => row.offsetHeight).length"


def test_phone_shows_the_beginning_of_a_long_day_and_paper_all_of_it(db: None, browser_page: Callable) -> None:
    shown = {"daily": DailyRoot(county="430726", day=date(2024, 6, 12), root="cd" * 32), "lines": LINES, "listed": 40}
    page = browser_page(360)
    page.set_content(render_to_string("scoring/ledger/day.html", shown))
    for sheet in ("tokens", "public", "scoring/ledger"):
        page.add_style_tag(path=BASE_DIR / f"static/css/{sheet}.css")
    assert page.evaluate(SHOWN) == 10
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN) == 40
    page.emulate_media(media="screen")
    page.get_by_label("显示全部 40 条").check()
    assert page.evaluate(SHOWN) == 40
