"""How long the largest sheet takes on a weak line, cold and warm; it prints the seconds, and fails only if the sheet never comes.

The line is one of the kernel's (netem), so it needs a network of its own, and root:

    unshare --net sh -c "ip link set lo up mtu 1500; script/test --long -v -s tests/scoring/sheets/test_weak_line.py"
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.scoring.sheets.big_village import import_big_village
from tests.scoring.sheets.sheet_browser import come
from tests.scoring.sheets.weighing import Scales, cadre_of_big
from tests.world import MONTH, World

OWN_NETWORK = [card.name for card in Path("/sys/class/net").iterdir()] == ["lo"] and os.geteuid() == 0
pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not OWN_NETWORK, reason="needs a network of its own: see the head of the file"),
]
RATE, LOSS, DELAY = "50kbit", "30%", "50ms"
PATH = f"/village/sheet/{MONTH}/"
TIMES = 5


def tc(*words: str) -> None:
    subprocess.run(["tc", *words], check=True, capture_output=True, timeout=10)


@contextmanager
def weak(port: str) -> Iterator[None]:
    """What goes to this port and what comes from it is slow, and a part of it is lost; the rest of the loopback is as it was."""
    tc("qdisc", "add", "dev", "lo", "root", "handle", "1:", "prio", "bands", "5", "priomap", *["0"] * 16)
    try:
        for band, end in (("4", "sport"), ("5", "dport")):
            tc("qdisc", "add", "dev", "lo", "parent", f"1:{band}", "netem", "rate", RATE, "loss", LOSS, "delay", DELAY)
            match = ["match", "ip", end, port, "0xffff", "flowid", f"1:{band}"]
            tc("filter", "add", "dev", "lo", "parent", "1:", "protocol", "ip", "u32", *match)
        yield
    finally:
        tc("qdisc", "del", "dev", "lo", "root")


def test_largest_sheet_can_be_used_on_a_weak_line(
    world: World, browser_page: Callable[..., Any], live_site: str
) -> None:
    import_big_village()
    cadre, told = cadre_of_big(), []
    for _ in range(TIMES):
        page = browser_page(360)
        page.set_default_timeout(120_000)
        page.set_default_navigation_timeout(120_000)
        scales = Scales(page)
        with weak(str(urlsplit(live_site).port)):
            come(page, world, cadre, PATH)
            cold = scales.seconds()
        page.wait_for_selector("#sheet[data-stored=yes]")
        with weak(str(urlsplit(live_site).port)):
            page.goto(PATH, wait_until="commit")
            warm = scales.seconds()
        told.append((cold, warm))
        page.context.close()
    colds, warms = (sorted(each) for each in zip(*told, strict=True))
    print(f"{RATE}, {LOSS} lost: cold {colds} s, warm {warms} s")
    assert len(told) == TIMES
