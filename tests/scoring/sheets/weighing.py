"""Weighs a page: the bytes of every answer, as they were sent, that was asked for before the sheet could be used."""

from typing import Any

from households.accounts.actions.accounts import create_user
from households.models import Division, User
from households.roles import Role
from tests.scoring.sheets.big_village import BIG
from tests.world import PASSWORD

# Usable: the households stand there, and what is done with them is heard.
NOTE_USE = """addEventListener("DOMContentLoaded", () => {
  const tools = document.getElementById("sheet-tools");
  const look = () => { if (!tools.hidden && !window.usable) window.usable = performance.timeOrigin + performance.now(); };
  if (tools) new MutationObserver(look).observe(tools, { attributeFilter: ["hidden"] });
});"""


class Scales:
    """Of one page, set up before it opens the sheet."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: dict[str, tuple[float, str]] = {}  # request: when, address
        self.sent: dict[str, int] = {}
        page.add_init_script(NOTE_USE)
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", self._ask)
        line.on("Network.loadingFinished", self._finish)

    def _ask(self, said: dict[str, Any]) -> None:
        self.asked[said["requestId"]] = (said["wallTime"] * 1000, said["request"]["url"])

    def _finish(self, said: dict[str, Any]) -> None:
        self.sent[said["requestId"]] = int(said["encodedDataLength"])

    def usable(self) -> float:
        """Wait until the sheet can be used; milliseconds since 1970."""
        self.page.wait_for_function("() => window.usable", timeout=240_000)
        return float(self.page.evaluate("() => window.usable"))

    def seconds(self) -> float:
        """From the start of the page now open until it could be used."""
        self.usable()
        return round(float(self.page.evaluate("() => (window.usable - performance.timeOrigin) / 1000")), 1)

    def weights(self) -> dict[str, int]:
        """{address: bytes} of what was asked for before the sheet could be used; what comes later is waited for, so that all is counted."""
        until = self.usable()
        self.page.wait_for_selector("#sheet[data-stored=yes]")
        self.page.wait_for_load_state("networkidle")
        before = {one: address for one, (when, address) in self.asked.items() if when < until}
        return {address: self.sent[one] for one, address in before.items()}


def cadre_of_big() -> User:
    """The cadre of 双联村."""
    person = {
        "username": "big",
        "display_name": "双联村干部",
        "role": Role.CADRE,
        "place": Division.objects.get(code=BIG),
    }
    return create_user(**person, password=PASSWORD, by=None, is_demo=True)
