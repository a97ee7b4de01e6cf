"""How long the largest sheet takes on a weak line, cold and warm; it prints the seconds, and fails only if the sheet never comes.

The line carries real packets and loses some, so it needs a network of its own, and root:

    unshare --net sh -c "ip link set lo up mtu 1500; script/test --long -v -s tests/scoring/sheets/test_weak_line.py"
"""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from tests.conftest import CHROMIUM
from tests.scoring.sheets.big_village import import_big_village
from tests.scoring.sheets.sheet_browser import come
from tests.scoring.sheets.weighing import Scales, cadre_of_big
from tests.weak_line import FAR, HERE, OWN_NETWORK, WeakLine, weak_line
from tests.world import MONTH, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not OWN_NETWORK, reason="needs a network of its own: see the head of the file"),
]
RATE, DELAY = 50_000, 0.05  # bits/s; seconds one way
PATH = f"/village/sheet/{MONTH}/"
TIMES = 5
LATE = 240_000  # milliseconds


@pytest.fixture
def far_browser(_chromium: Any) -> Any:
    """A browser for which this host lies at the other end of the line."""
    words = ["--no-sandbox", "--disable-dev-shm-usage", f"--host-resolver-rules=MAP {HERE} {FAR}"]
    browser = _chromium.browser_type.launch(executable_path=CHROMIUM, args=words)
    yield browser
    browser.close()


def opened(browser: Any, site: str, line: WeakLine, come_in: Callable[[Any], None]) -> tuple[float, float]:
    """Seconds until the sheet could be used: on a device that never saw it, and on the same one again."""
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 780}, locale="zh-CN")
    context.set_default_timeout(LATE)
    page = context.new_page()
    scales = Scales(page)
    with line.weak():
        come_in(page)
        cold = scales.seconds()
    page.wait_for_selector("#sheet[data-stored=yes]")
    with line.weak():
        page.goto(PATH, wait_until="commit")
        warm = scales.seconds()
    context.close()
    return cold, warm


@pytest.mark.parametrize("loss", [0, 0.1])  # with 0.3 each way the sheet did not come within four minutes
def test_largest_sheet_can_be_used_on_a_weak_line(world: World, far_browser: Any, live_site: str, loss: float) -> None:
    import_big_village()
    cadre = cadre_of_big()
    with weak_line(rate=RATE, loss=loss, delay=DELAY, seed=7) as line:
        told = [
            opened(far_browser, live_site, line, lambda page: come(page, world, cadre, PATH, until="commit"))
            for _ in range(TIMES)
        ]
    for name, seconds in zip(("cold", "warm"), zip(*told, strict=True), strict=True):
        print(f"{RATE} bit/s, {loss:.0%} lost: {name} {sorted(seconds)} s, median {median(seconds)}")
    assert len(told) == TIMES and line.passed > 0 and bool(line.lost) is bool(loss)
