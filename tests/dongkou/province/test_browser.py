"""The province's page in Chromium, on a web server that is a node's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dongkou.run import health
from scoring.models import DivisionScore
from tests import processes
from tests.browsing import faults
from tests.waiting import until
from tests.world import COUNTY, MONTH, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_page_keeps_to_the_rules(browser_page: Callable[..., Any], live_site: str, artefacts: Path) -> None:
    build().frozen_month()
    line = DivisionScore.objects.get(month=MONTH, code=COUNTY)
    line.code = "43"
    line.save(force_insert=True)
    port = processes.free_port()
    web = processes.start("web", port, DONGKOU_PROVINCE="43", DONGKOU_PROVINCE_NAME="湖南省")
    try:
        until(lambda: health(port)[:3] in ("200", "503"), seconds=120)
        for width in (320, 360, 1280):
            page = browser_page(width)
            page.goto(f"http://127.0.0.1:{port}/province/")
            assert "湖南省2024年5月各县排名" in page.inner_text("h1") and faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=artefacts / f"province-{width}.jpg", full_page=True)
    finally:
        processes.end(web)
